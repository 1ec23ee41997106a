#include "demo/search_text.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

namespace demo {

namespace {

constexpr double weight = 0.1;            // of an unlabelled lexeme
constexpr double rank_scale = 1.64493406; // the sum of 1/n^2

struct letter {
    std::string_view accented;
    std::string_view plain;
};
constexpr std::array<letter, 66> letters{{
    {"à", "a"},  {"á", "a"},  {"â", "a"}, {"ã", "a"}, {"ä", "a"}, {"å", "a"}, {"ā", "a"},
    {"ą", "a"},  {"À", "a"},  {"Á", "a"}, {"Â", "a"}, {"Ä", "a"}, {"Å", "a"}, {"æ", "ae"},
    {"ç", "c"},  {"ć", "c"},  {"č", "c"}, {"Č", "c"}, {"ď", "d"}, {"è", "e"}, {"é", "e"},
    {"ê", "e"},  {"ë", "e"},  {"ē", "e"}, {"ę", "e"}, {"ě", "e"}, {"É", "e"}, {"È", "e"},
    {"ğ", "g"},  {"ì", "i"},  {"í", "i"}, {"î", "i"}, {"ï", "i"}, {"ı", "i"}, {"ł", "l"},
    {"Ł", "l"},  {"ñ", "n"},  {"Ñ", "n"}, {"ń", "n"}, {"ň", "n"}, {"ò", "o"}, {"ó", "o"},
    {"ô", "o"},  {"õ", "o"},  {"ö", "o"}, {"ø", "o"}, {"ő", "o"}, {"Ö", "o"}, {"Ó", "o"},
    {"Ø", "o"},  {"œ", "oe"}, {"ř", "r"}, {"ś", "s"}, {"š", "s"}, {"Š", "s"}, {"ş", "s"},
    {"ß", "ss"}, {"ť", "t"},  {"ù", "u"}, {"ú", "u"}, {"û", "u"}, {"ü", "u"}, {"Ü", "u"},
    {"ů", "u"},  {"ž", "z"},  {"ý", "y"},
}};

struct indexed_object {
    std::string_view object;
    std::array<std::string_view, 4> fields;
};
// Other objects are found by their label alone.
constexpr std::array<indexed_object, 5> indexed{{
    {"person", {"name", "emails", "phones", "jobTitle"}},
    {"company", {"name", "domainName"}},
    {"note", {"title", "bodyV2"}},
    {"task", {"title", "bodyV2"}},
    {"workspaceMember", {"name", "userEmail"}},
}};

bool is_letter(char c) {
    const auto b = static_cast<unsigned char>(c);
    return std::isalnum(b) || b >= 0x80 || c == '_';
}
bool is_number(std::string_view s) {
    return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) {
        return std::isdigit(static_cast<unsigned char>(c)) || c == '+' || c == '-';
    });
}

// A run of letters, digits and the marks that hold addresses and numbers together.
void append_run(std::string_view run, lexemes& out) {
    while (!run.empty() && (run.back() == '.' || run.back() == '-' || run.back() == '+'))
        run.remove_suffix(1);
    while (!run.empty() && (run.front() == '.' || run.front() == '@'))
        run.remove_prefix(1);
    if (run.empty()) return;
    if (is_number(run)) { // "9182-7364" are two numbers, the second one negative
        for (auto at = run.find('-', 1); at != std::string_view::npos; at = run.find('-', 1)) {
            out.emplace_back(run.substr(0, at));
            run = run.substr(at);
        }
        out.emplace_back(run);
        return;
    }
    while (!run.empty() && !is_letter(run.front()))
        run.remove_prefix(1);
    if (run.empty()) return;
    out.emplace_back(run);
    if (run.find('.') != std::string_view::npos || run.find('@') != std::string_view::npos) return;
    const auto parts = text::split(run, '-');
    if (parts.size() > 1) out.insert(out.end(), parts.begin(), parts.end());
}

lexemes words_in(std::string_view given) {
    lexemes out;
    std::string plain = folded(given);
    for (const std::string_view scheme : {"https://", "http://"})
        for (auto at = plain.find(scheme); at != std::string::npos; at = plain.find(scheme))
            plain.replace(at, scheme.size(), " ");
    std::string run;
    for (const char c : plain) {
        if (is_letter(c) || c == '.' || c == '@' || c == '-' || c == '+') {
            run += c;
            continue;
        }
        append_run(run, out);
        run.clear();
    }
    append_run(run, out);
    return out;
}

void append(lexemes& out, lexemes more) {
    out.insert(out.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
}

void append_email(lexemes& out, std::string_view address, bool parts) {
    if (address.empty()) return;
    append(out, words_in(address));
    const auto at = address.find('@');
    if (at == std::string_view::npos) return;
    if (parts) append(out, words_in(address.substr(0, at)));
    append(out, words_in(address.substr(at + 1)));
}

void append_phones(lexemes& out, const json::value& v) {
    const std::string number(v.text("primaryPhoneNumber"));
    if (!number.empty()) {
        const std::string calling(v.text("primaryPhoneCallingCode"));
        append(out, words_in(number));
        append(out, words_in(calling));
        append(out, words_in(calling + number));
        if (calling.starts_with("+")) append(out, words_in(calling.substr(1) + number));
        append(out, words_in("0" + number));
    }
    const auto* others = v.find("additionalPhones");
    if (!others || !others->if_array()) return;
    for (const auto& other : *others->if_array())
        for (const auto* part : {"number", "callingCode", "countryCode"})
            append(out, words_in(other.text(part)));
}

void append_field(lexemes& out, const field& f, const record& r) {
    const json::value& v = stored(r, f.name);
    if (const auto* s = v.if_string()) return append(out, words_in(*s));
    if (f.type->name == "EMAILS") {
        append_email(out, v.text("primaryEmail"), false);
        const auto* others = v.find("additionalEmails");
        if (!others || !others->if_array()) return;
        for (const auto& other : *others->if_array())
            if (other.if_string()) append_email(out, *other.if_string(), true);
    } else if (f.type->name == "PHONES") {
        append_phones(out, v);
    } else if (f.type->name == "RICH_TEXT") {
        append(out, words_in(v.text("markdown")));
    } else {
        for (const auto& part : f.type->parts)
            append(out, words_in(v.text(part.name)));
    }
}

using positions = std::vector<std::size_t>;

positions positions_of(const lexemes& have, std::string_view term) {
    positions out;
    for (std::size_t i = 0; i < have.size(); ++i)
        if (have[i].starts_with(term)) out.push_back(i);
    return out;
}

// ts_rank of one term: each distinct lexeme counts, its repetitions less and less.
double any_rank(const lexemes& have, const positions& at) {
    std::map<std::string_view, int> seen;
    double sum = 0;
    for (const auto i : at) {
        const int n = ++seen[have[i]];
        sum += weight / double(n * n);
    }
    return sum / rank_scale;
}

// ts_rank_cd: each shortest stretch that has all the terms, less for words between them.
double cover_rank(const std::vector<positions>& found) {
    std::vector<std::pair<std::size_t, std::size_t>> hits; // position, term
    for (std::size_t term = 0; term < found.size(); ++term)
        for (const auto at : found[term])
            hits.emplace_back(at, term);
    std::sort(hits.begin(), hits.end());
    std::vector<int> inside(found.size(), 0);
    std::size_t kinds = 0;
    std::size_t begin = 0;
    double sum = 0;
    for (std::size_t end = 0; end < hits.size(); ++end) {
        if (inside[hits[end].second]++ == 0) ++kinds;
        while (begin < end && inside[hits[begin].second] > 1)
            --inside[hits[begin++].second];
        if (kinds < found.size()) continue;
        const auto words = double(end - begin + 1);
        const auto span = double(hits[end].first - hits[begin].first + 1);
        sum += weight / (1 + std::max(0.0, span - words));
        --inside[hits[begin++].second];
        --kinds;
    }
    return sum;
}

} // namespace

std::string folded(std::string_view given) {
    std::string out;
    for (std::size_t i = 0; i < given.size();) {
        const auto c = static_cast<unsigned char>(given[i]);
        if (c < 0x80) {
            out += static_cast<char>(std::tolower(c));
            ++i;
            continue;
        }
        const auto found = std::find_if(letters.begin(), letters.end(), [&](const letter& l) {
            return given.substr(i).starts_with(l.accented);
        });
        out += found == letters.end() ? given.substr(i, 1) : found->plain;
        i += found == letters.end() ? 1 : found->accented.size();
    }
    return out;
}

lexemes lexemes_of(const object& o, const record& r) {
    lexemes out;
    const auto listed = std::find_if(indexed.begin(), indexed.end(),
                                     [&](const auto& i) { return i.object == o.singular; });
    if (listed == indexed.end()) {
        if (const auto* label = o.find_field(o.label_field)) append_field(out, *label, r);
        return out;
    }
    for (const auto name : listed->fields)
        if (const auto* f = o.find_field(name)) append_field(out, *f, r);
    return out;
}

std::string shown_vector(const lexemes& all) {
    std::map<std::string_view, std::string> at;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto& places = at[all[i]];
        places += (places.empty() ? "" : ",") + std::to_string(i + 1);
    }
    std::string out;
    for (const auto& [word, places] : at)
        out += (out.empty() ? "'" : " '") + std::string(word) + "':" + places;
    return out;
}

std::vector<std::string> terms_of(std::string_view search) {
    std::vector<std::string> out;
    for (auto& word : words_in(search))
        if (std::find(out.begin(), out.end(), word) == out.end()) out.push_back(std::move(word));
    return out;
}

ranks rank_of(const lexemes& have, const std::vector<std::string>& terms) {
    ranks out;
    std::vector<positions> found;
    bool all = !terms.empty();
    for (const auto& term : terms) {
        found.push_back(positions_of(have, term));
        out.any += any_rank(have, found.back());
        all = all && !found.back().empty();
    }
    if (!terms.empty()) out.any /= double(terms.size());
    if (all) out.cover = cover_rank(found);
    return out;
}

bool contains_text(const lexemes& have, std::string_view text) {
    const std::string wanted = folded(text::trim(text));
    return !wanted.empty() && std::any_of(have.begin(), have.end(), [&](const auto& word) {
        return word.find(wanted) != std::string::npos;
    });
}

} // namespace demo
