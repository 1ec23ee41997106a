// The fuzz targets, once, as data: libFuzzer's driver runs one of them, the replay of the corpora
// walks all of them. A target takes any bytes and ends the process when a promise is broken.
#pragma once

#include <string_view>

namespace fuzz {

void credentials(std::string_view bytes);
void client_document(std::string_view bytes);
void client_id(std::string_view bytes);
void event_stream(std::string_view bytes);
void filter(std::string_view bytes);
void form(std::string_view bytes);
void graphql(std::string_view bytes);
void header_values(std::string_view bytes);
void http_request(std::string_view bytes);
void json_rpc(std::string_view bytes);
void frontmatter(std::string_view bytes);
void page_text(std::string_view bytes);
void redirect_uri(std::string_view bytes);
void tokens(std::string_view bytes);

struct target {
    std::string_view name; // also of its corpus: tests/fuzz/corpus/NAME
    void (*run)(std::string_view);
};
inline constexpr target targets[] = {
    {"credentials", credentials},
    {"client_document", client_document},
    {"client_id", client_id},
    {"event_stream", event_stream},
    {"filter", filter},
    {"form", form},
    {"graphql", graphql},
    {"header_values", header_values},
    {"http_request", http_request},
    {"json_rpc", json_rpc},
    {"frontmatter", frontmatter},
    {"page_text", page_text},
    {"redirect_uri", redirect_uri},
    {"tokens", tokens},
};

} // namespace fuzz
