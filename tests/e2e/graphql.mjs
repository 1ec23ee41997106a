// What the policy judges is what Twenty runs: whatever our reader of GraphQL accepts, graphql-js
// accepts too, in the version that Twenty has, and both read the same tree. Where ours refuses
// more, nothing runs, so that is counted alone. GRAPHQL_SEED and GRAPHQL_DOCUMENTS for other runs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { getOperationAST, parse, print } from 'graphql';
import { documents } from './support/graphql_author.mjs';

const seed = Number(process.env.GRAPHQL_SEED ?? 1);
const count = Number(process.env.GRAPHQL_DOCUMENTS ?? 20_000);

// The tree of graphql-js in the form of tests/support/graphql_reader.cpp.
const tree = {
    all: (nodes) => (nodes ?? []).map((node) => tree[node.kind](node)),
    scalar: (node) => [node.kind, String(node.value)],
    Variable: (node) => ['Variable', node.name.value],
    IntValue: (node) => tree.scalar(node),
    FloatValue: (node) => tree.scalar(node),
    StringValue: (node) => tree.scalar(node),
    BooleanValue: (node) => tree.scalar(node),
    EnumValue: (node) => tree.scalar(node),
    NullValue: () => ['NullValue', ''],
    ListValue: (node) => ['ListValue', tree.all(node.values)],
    ObjectValue: (node) => ['ObjectValue', tree.all(node.fields)],
    ObjectField: (node) => [node.name.value, tree[node.value.kind](node.value)],
    Argument: (node) => tree.ObjectField(node),
    Directive: (node) => ({ name: node.name.value, arguments: tree.all(node.arguments) }),
    Field: (node) => ({
        key: (node.alias ?? node.name).value,
        name: node.name.value,
        arguments: tree.all(node.arguments),
        directives: tree.all(node.directives),
        selections: tree.all(node.selectionSet?.selections),
    }),
    FragmentSpread: (node) => ({ spread: node.name.value, directives: tree.all(node.directives) }),
    InlineFragment: (node) => ({
        on: node.typeCondition?.name.value ?? '',
        directives: tree.all(node.directives),
        selections: tree.all(node.selectionSet.selections),
    }),
    VariableDefinition: (node) => ({
        name: node.variable.name.value,
        type: print(node.type),
        default: node.defaultValue ? tree[node.defaultValue.kind](node.defaultValue) : null,
        directives: tree.all(node.directives),
    }),
    OperationDefinition: (node) => ({
        kind: node.operation,
        name: node.name?.value ?? '',
        variables: tree.all(node.variableDefinitions),
        directives: tree.all(node.directives),
        selections: tree.all(node.selectionSet.selections),
    }),
    FragmentDefinition: (node) => ({
        name: node.name.value,
        on: node.typeCondition.name.value,
        directives: tree.all(node.directives),
        selections: tree.all(node.selectionSet.selections),
    }),
};

function readByGraphqlJs(query) {
    let document;
    try {
        document = parse(query);
    } catch (error) {
        return { refused: error.message };
    }
    const of = (kind) => tree.all(document.definitions.filter((node) => node.kind === kind));
    const alone = getOperationAST(document);
    return {
        operations: of('OperationDefinition'),
        fragments: of('FragmentDefinition'),
        others: document.definitions.length,
        alone: alone && tree.OperationDefinition(alone),
    };
}

function readByUs(asked) {
    const { status, signal, stdout, stderr } = spawnSync(process.env.TWENTY_MCP_BINARY, {
        input: asked.map((body) => `${JSON.stringify(body)}\n`).join(''),
        encoding: 'utf8',
        maxBuffer: 1 << 30,
    });
    assert.equal(status, 0, `${signal} ${stderr}`);
    const answers = stdout.trimEnd().split('\n').map((line) => JSON.parse(line));
    assert.equal(answers.length, asked.length, 'an answer for each document');
    return answers;
}

// What Twenty's own reader makes of the body of a request.
function runs(body) {
    const { query, operationName } = JSON.parse(body);
    return { query, operation: getOperationAST(parse(query), operationName) };
}

test('what our reader of GraphQL accepts, graphql-js reads as the same tree', (t) => {
    const asked = documents(seed, count);
    const counts = { both: 0, neither: 0, stricter: 0, query: 0, mutation: 0 };
    readByUs(asked).forEach((ours, i) => {
        const { query } = asked[i];
        const theirs = readByGraphqlJs(query);
        const what = () => `document ${i} of seed ${seed}: ${JSON.stringify(query)}`;
        if (ours.refused !== undefined) {
            counts[theirs.refused === undefined ? 'stricter' : 'neither'] += 1;
            return;
        }
        assert.equal(theirs.refused, undefined, `only ours accepts ${what()}`);
        counts.both += 1;
        assert.equal(theirs.others, theirs.operations.length + theirs.fragments.length, what());
        for (const part of ['operations', 'fragments', 'alone'])
            assert.deepEqual(ours[part], theirs[part], `${part} of ${what()}`);
        for (const kind of ['query', 'mutation']) {
            const body = ours[kind === 'query' ? 'run_graphql' : 'run_graphql_mutation'];
            if (body === null) continue;
            counts[kind] += 1;
            const run = runs(body);
            assert.equal(run.query, query, 'what is sent is what was judged');
            assert.deepEqual(tree.OperationDefinition(run.operation), ours.operations[0], what());
        }
    });
    t.diagnostic(JSON.stringify(counts));
    // Neither reader is fed with one kind of document alone, and ours refuses little of its own.
    const share = (n) => n / asked.length;
    assert.ok(share(counts.both) > 0.2, 'a fifth is GraphQL to both');
    assert.ok(share(counts.neither) > 0.2, 'a fifth is GraphQL to neither');
    assert.ok(share(counts.stricter) < 0.1, 'a tenth at most is GraphQL to graphql-js alone');
    assert.ok(counts.query > 100 && counts.mutation > 20, 'tools let documents pass');
});
