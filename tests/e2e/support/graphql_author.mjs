// GraphQL documents for two readers to be compared over: written by the grammar, recorded, and
// either of them spoilt. The same seed gives the same documents.
import { readFileSync, readdirSync } from 'node:fs';

const shapes = new URL('../../demo/shapes/', import.meta.url);
const corpus = new URL('../../fuzz/corpus/graphql/', import.meta.url);

// Park and Miller's minimal standard generator.
function numbers(seed) {
    let state = seed;
    return (below) => {
        state = (state * 48271) % 0x7fffffff;
        return state % below;
    };
}

const names = ['people', 'company', 'id', 'edges', 'node', 'a', 'b', '_', '__typename', 'query',
    'mutation', 'subscription', 'fragment', 'on', 'type', 'true', 'false', 'null', 'e5', 'x1',
    'Person', 'createPerson', 'totalCount', 'search'];
const literals = ['0', '-0', '7', '-12', '1.5', '1e5', '1.5E-3', '-1.0e+2', 'true', 'false', 'null',
    'ASC', 'on', 'query', '""', '"a"', '"\\n\\t\\b\\f\\r\\/\\\\\\""', '"\\u0041"', '"\\uD83D\\uDE00"',
    '"é 😀 \u00a0"', '"#,{}"', '"\u2028"', '""""""', '"""a"""', '"""\n  a\n    b\n\n  c\n"""',
    '"""a \\""" b"""', '"""\r\n\tx\r y\n\n"""', '""" \n \n"""', '"""\\u0041 \\n"""', '"""\n\n\ta"b\n"""',
    '"""first\n      second\n    third"""', '"""a\\"""\\"""b"""', '"""\n \u00a0x\n  y"""'];
const odd = ['01', '0123', '-', '1.', '1.e5', '.5', '1e', '1e+', '1a', '1_', '0x1F', '1..', '1.5.5',
    '00', '-01', '1e5x', '--1', '+1', '"\\uD83D"', '"\\uDE00\\uD83D"', '"\\u12"', '"\\u{1F600}"',
    '"\\u{}"', '"\\uD83D\\u0041"', '"\\uD83Dx"', '"\\x"', '"\\', '"a\nb"', '"a\rb"', '"open',
    '"""open', '"""a\\"""', '""""', '"""""', '"\u0000"', '"\u0007"', '"\u007f"', '"\u0085"', "'a'",
    '"a""b"', '""a""', '"""a""b"""', '"""a"""" ', '\u0001', '\u007f', 'é', 'ａ', '\u00a0', '\u2003',
    '\ud800', '\ufffe', '..', '....', '. . .', '$', '$1', '@', '%', '&', ';', '?', '\\', '`', '{}',
    '()', '[]', '\u200b', '\u2060', '^', '*', '/*a*/', '//a', '<', '"\\U0041"', '"\ud83d"',
    '"\\u004G"', '"\\u+041"', '"\\u 041"', '1\ufeff2', 'a\ufeffb', '"\ufeff"', '1#\n2', '1e#\n5',
    '-\n1', 'type A { a: Int }', 'schema { query: Q }', 'extend type A { a: Int }', 'scalar D',
    'enum E { A }', 'union U = A | B', 'directive @d on FIELD', 'input I { a: Int }',
    'interface N { a: Int }', '"described" type A { a: Int }', '"described" query { a }',
    '"""described""" { a }', '{ a }', 'query Q { a }', 'fragment F on A { a }', 'subscription { a }'];
const gaps = [' ', ' ', ' ', '\n', ',', ' , ', '\t', '\r\n', '\r', '#c "{\n', '#\r', '# é\u2028}\r\n',
    '\ufeff', ',,', '#"""\n'];

// Whole documents that somebody thought of.
const awkward = [
    '', ' ', ',', '\ufeff', '\ufeff{a}', '{a}\ufeff', '{a}#', '{a}#\u0000', '#\n{a}', '{a}{b}', '{a}query B{b}',
    'query A{a}query B{b}', 'query A{a}query A{b}', 'mutation{a}query{a}', 'query{a}fragment F on A{b}',
    'fragment F on A{b}', 'fragment on on on{b}', 'fragment F on A{b}{...F}', '{...on}', '{...on{a}}',
    '{...on on{a}}', '{... on A{a}}', '{...{a}}', '{...@include(if:true){a}}', '{...on@d{a}}', '{...onA}',
    '{a:b}', '{a:b:c}', '{:b}', '{a:}', '{a,:,b}', '{a(x:1 x:2)}', '{a(x:{y:1 y:2})}', '{a:b a:c}',
    'query($a:Int=1){a}', 'query($a:Int=$b){a}', 'query($a:[Int!]!=[1]@d){a}', 'query($a:Int@d(x:$a)){a}',
    'query($a:Int!!){a}', 'query($a:[Int){a}', 'query($a:[]){a}', 'query(){a}', 'query($a){a}', 'query Q(){a}',
    'query($a:Int $a:Int){a}', 'query($query:query){query}', 'query query{query}', 'queryA{a}', 'QUERY{a}',
    'query @a @b(c:1){d}', 'query@a{b}', '{a@b@c}', '{a@}', '{a @b(){c}}', '{a(b:[1,2,,3])}', '{a(b:[,])}',
    '{a(b:{})}', '{a(b:{c:{d:[{e:$f}]}})}', '{a(b:$c)}', '{a(b:$ c)}', '{a(b:$\nc)}', '{a(b:@c)}', '{a(b:-1)}',
    '{a(b:- 1)}', '{a(b:1 c:2)}', '{a(b:1c:2)}', '{a(b:"x"c:2)}', '{a(b:1.5c:2)}', '{a(b:0)}', '{a(b:00)}',
    '{a(b:1,000)}', '{a(b:[1-2])}', '{a(b:[1,-2])}', '{a(b:[1"a"])}', '{a(b:[a"b"c])}', '{a(b:[0.0.0])}',
    '{a(b:[1...])}', '{a...b}', '{a ...b}', '{a....b}', '{a...\u0000b}', '{a # b }\n}', '{a # b }\r}', '{a # b }',
    'query A($a: T = {b: [1, {c: D}]}) @e(f: "g") { h: i(j: $a) @k { ...L ... on M @n { o } } } fragment L on P @q { r }',
    'fragment F($a: Int) on A { b }', 'query A { a } fragment A on A { a }', '{ a } type A { a: Int }', 'extend schema @a',
    `{${'a{'.repeat(40)}a${'}'.repeat(40)}}`, `{a(b:${'['.repeat(40)}${']'.repeat(40)})}`,
    `{${'a '.repeat(6000)}}`, '{a}\u0000', '{a}}', '{{a}}', '}{', '{a(', 'query', 'query{', '"""a""" query{a}',
    '{a(b:"""\u0007""")}', '{a(b:"""\u0000""")}', '{a(b:"\t")}', '{a(b:"\\u0000")}', '{a(b:"\\uFFFF")}', '{__typename}',
];

export function recordedDocuments() {
    const out = [];
    const collect = (value) => {
        if (value === null || typeof value !== 'object') return;
        const { query, variables } = value;
        if (typeof query === 'string' && query.includes('{')) out.push({ query, variables });
        Object.values(value).forEach(collect);
    };
    for (const folder of [shapes, new URL('stories/', shapes)])
        for (const file of readdirSync(folder).filter((name) => name.endsWith('.json')))
            collect(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
    // The fuzzer's inputs: the variables in the first line, the document in the rest.
    for (const file of readdirSync(corpus)) {
        const text = readFileSync(new URL(file, corpus), 'utf8');
        out.push({ query: text.slice(text.indexOf('\n') + 1) });
    }
    return out;
}

export function awkwardDocuments() {
    const values = [...literals, ...odd].flatMap((text) => [
        text, `{a(b:${text})}`, `{a(b:[${text}])}`, `{a(b:[1${text}])}`, `{a(b:[${text}1])}`,
        `{a(b:[c${text}])}`, `{a(b:[${text}c])}`, `query($a:T=${text}){b}`, `{a}${text}`, `${text}{a}`,
        `{a${text}}`, `{${text}a}`, `{a(b:"""${text}""")}`, `{a(b:"${text}")}`, `{a#${text}\n}`]);
    return [...awkward, ...values].map((query) => ({ query }));
}

// Written by the grammar, of pieces that know of each other only by luck.
function author(below) {
    const one = (list) => list[below(list.length)];
    const some = (most, make) => Array.from({ length: below(most + 1) }, make).join(gap());
    const maybe = (make) => (below(3) === 0 ? make() : '');
    const gap = () => (below(3) > 0 ? ' ' : one(gaps));
    const name = () => one(names);
    function value(depth) {
        if (below(200) === 0) return one(odd);
        const kind = below(depth > 0 ? 12 : 9);
        if (kind < 2) return `$${name()}`;
        if (kind < 9) return one(literals);
        if (kind < 11) return `[${gap()}${some(3, () => value(depth - 1))}]`;
        return `{${gap()}${some(3, () => `${name()}${gap()}:${value(depth - 1)}`)}}`;
    }
    const oneOrMore = (most, make) => [make(), some(most, make)].join(gap());
    const given = () => maybe(() => `(${oneOrMore(2, () => `${name()}:${gap()}${value(3)}`)})`);
    const directives = () => (below(6) > 0 ? '' : oneOrMore(1, () => `@${gap()}${name()}${given()}`));
    const type = (depth) => (depth > 0 && below(4) === 0 ? `[${type(depth - 1)}]` : name()) + one(['', '', '!']);
    function selection(depth) {
        const set = () => (depth > 0 ? selections(depth - 1) : '');
        switch (below(10)) {
        case 0: return `...${gap()}${name()}${gap()}${directives()}`;
        case 1: return `...${gap()}${maybe(() => `on ${name()}`)}${gap()}${directives()}${selections(depth - 1)}`;
        case 2: return `${name()}${gap()}:${gap()}${name()}${given()}${directives()}${set()}`;
        default: return `${name()}${given()}${directives()}${maybe(set)}`;
        }
    }
    const selections = (depth) => `{${gap()}${oneOrMore(3, () => selection(depth))}${gap()}}`;
    const variable = () => `$${name()}${gap()}:${type(2)}${maybe(() => `=${value(2)}`)}${directives()}`;
    function operation() {
        if (below(3) === 0) return selections(3);
        const declared = maybe(() => `(${oneOrMore(2, variable)})`);
        return `${one(['query', 'query', 'mutation', 'subscription'])} ${maybe(name)}${declared}${gap()}`
            + `${directives()}${gap()}${selections(3)}`;
    }
    const fragment = () => `fragment ${name()} on ${name()} ${directives()}${gap()}${selections(2)}`;
    return () => {
        const parts = [operation()];
        while (below(3) === 0) parts.splice(below(parts.length + 1), 0, below(3) > 0 ? fragment() : operation());
        return parts.join(gap());
    };
}

function spoiler(below) {
    const one = (list) => list[below(list.length)];
    const pieces = [...odd, ...gaps, ...literals, ...names, ...'{}()[]:!=@$|&"#\\,.-0e\n\r'];
    return (query, other) => {
        let text = query;
        for (let n = 1 + below(3); n > 0; n -= 1) {
            const at = below(text.length + 1);
            const to = Math.min(text.length, at + 1 + below(4));
            switch (below(6)) {
            case 0: text = text.slice(0, at) + text.slice(to); break;
            case 1: text = text.slice(0, at) + one(pieces) + text.slice(to); break;
            case 2: text = text.slice(0, at) + text.slice(at, to) + text.slice(at); break;
            case 3: text = text.slice(0, at) + other.slice(below(other.length + 1)); break;
            default: text = text.slice(0, at) + one(pieces) + text.slice(at);
            }
        }
        return text;
    };
}

// So many documents: all that were thought of or recorded, and made ones.
export function documents(seed, count) {
    const below = numbers(seed);
    const write = author(below);
    const spoil = spoiler(below);
    const kept = [...recordedDocuments(), ...awkwardDocuments()];
    const out = [...kept];
    while (out.length < count) {
        const from = below(2) === 0 ? kept[below(kept.length)] : { query: write() };
        out.push(from);
        for (let n = below(3); n > 0; n -= 1)
            out.push({ ...from, query: spoil(from.query, kept[below(kept.length)].query) });
    }
    return out;
}
