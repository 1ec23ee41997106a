// JSON-RPC and MCP as clients speak it: ids, versions, sessions, what is asked of servers that
// did not offer it.
const message = (method, params) => ({ jsonrpc: '2.0', id: 1, method, ...(params && { params }) });
const info = { clientInfo: { name: 'quirk', version: '1' }, capabilities: {} };
const nobodysSession = 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc';

export const rows = [
    {
        name: 'bodyless-202',
        says: 'a notification, known or not, is accepted with an empty 202',
        clients: 'Codex, Claude Code',
        reports: ['modelcontextprotocol/rust-sdk#849', 'helidon-io/helidon-mcp#166',
            'opgginc/laravel-mcp-server#43', 'oisee/odata_mcp_go#33', 'softwaremill/chimp#53'],
        rule: 'A notification gets 202 and no body, and no error either '
            + '(MCP 2025-11-25 transports, JSON-RPC 2.0 §4.1).',
        each: ['notifications/initialized', 'initialized', 'notifications/nothing_of_the_kind',
        ].map((method) => ({ body: { jsonrpc: '2.0', method } })),
        answer: { status: 202, type: null, says: /^$/ },
    },
    {
        name: 'empty-list-for-an-object',
        says: 'an empty list in the place of params or arguments is no params and no arguments',
        clients: 'whatever is written in PHP',
        reports: ['modelcontextprotocol/php-sdk#284', 'laravel/mcp#135'],
        rule: 'An empty list says nothing; one that holds something is refused, because MCP has no '
            + 'params by position (MCP 2025-11-25 base protocol).',
        each: [message('tools/list', []),
            message('tools/call', { name: 'list_objects', arguments: [] })]
            .map((body) => ({ body })),
        answer: { status: 200, has: { error: null } },
    },
    {
        name: 'session-ended-twice',
        says: 'a session that has ended is a 404 to whoever ends it again',
        clients: 'those that retry a DELETE',
        reports: ['modelcontextprotocol/ruby-sdk#261'],
        rule: 'After its end every request with the session\'s id is a 404 '
            + '(MCP 2025-11-25 transports, session management).',
        as: 'session',
        steps: [{ method: 'DELETE', answer: { status: 200 } },
            { method: 'DELETE', answer: { status: 404 } }],
    },
    {
        name: 'notification-with-id',
        says: 'a notification with an id is a request, and there is no such method',
        clients: 'ruby_llm-mcp',
        reports: ['patvice/ruby_llm-mcp#74'],
        rule: 'The id makes a request, which is always answered under it (JSON-RPC 2.0 §4).',
        body: { jsonrpc: '2.0', id: 5, method: 'notifications/initialized' },
        answer: { status: 200, code: -32601, has: { id: 5 } },
    },
    {
        name: 'early-requests',
        says: 'a request that overtakes notifications/initialized is answered',
        clients: 'claude.ai, mcp-remote, OpenAI\'s tunnel-client',
        reports: ['anthropics/claude-code#9011', 'modelcontextprotocol/go-sdk#419',
            'openai/tunnel-client#45', 'EricLBuehler/mistral.rs#1613'],
        rule: 'After initialize was answered, requests are served; the notification opens only '
            + 'what the server sends by itself (MCP 2025-11-25 lifecycle).',
        as: 'session',
        body: message('tools/list'),
        answer: { status: 200, has: { 'result.tools.0.name': 'list_objects' } },
    },
    {
        name: 'forgotten-session',
        says: 'a request whose client dropped its Mcp-Session-Id is served',
        clients: 'AWS DevOps Agent, the Inspector',
        reports: ['axiomhq/mcp#76', 'envoyproxy/ai-gateway#1555',
            'modelcontextprotocol/inspector#905'],
        rule: 'What needs no session asks for none: a server may, and need not, answer 400 '
            + '(MCP 2025-11-25 transports, session management).',
        each: [{}, { headers: { 'mcp-session-id': '' } }],
        body: message('tools/list'),
        answer: { status: 200, has: { 'result.tools.0.name': 'list_objects' } },
    },
    {
        name: 'stale-session',
        says: 'a session that nobody knows is a 404 under the request\'s id',
        clients: 'claude.ai, Cursor, mcp-remote, mcp-proxy, after a restart',
        reports: ['DAWNCR0W/affine-mcp-server#301', 'anthropics/claude-code#27425',
            'rekog-labs/MCP-Nest#106', 'punkpeye/mcp-remote#106', 'sparfenyuk/mcp-proxy#149',
            'modelcontextprotocol/python-sdk#1676'],
        rule: 'A 404, and nothing else, makes a client begin anew '
            + '(MCP 2025-11-25 transports, session management 3 and 4).',
        each: [nobodysSession, 'nonsense'].map((id) => ({ headers: { 'mcp-session-id': id } })),
        answer: { status: 404, code: -32001, has: { id: 1 } },
    },
    {
        name: 'ended-session',
        says: 'a session that its client ended is gone for its next request',
        clients: 'the SDKs, on their way out',
        reports: ['cloudflare/agents#416'],
        rule: 'DELETE ends a session, and what comes under its id afterwards is a 404 '
            + '(MCP 2025-11-25 transports, session management 3 and 5).',
        as: 'session',
        steps: [
            { answer: { status: 200 } },
            { method: 'DELETE', answer: { status: 200 } },
            { answer: { status: 404, code: -32001 } },
        ],
        answer: {},
    },
    {
        name: 'stream-taken-up-anew',
        says: 'a stream taken up without Last-Event-ID, or with a strange one, begins with an id',
        clients: 'the Inspector, the SDK for TypeScript',
        reports: ['modelcontextprotocol/inspector#723', 'modelcontextprotocol/typescript-sdk#2809',
            'UsefulSoftwareCo/executor#1351'],
        rule: 'A stream begins with an empty event that has an id, from which a client can go on '
            + '(MCP 2025-11-25 transports, sending messages 6).',
        as: 'session',
        method: 'GET',
        stream: true,
        each: [{}, { 'last-event-id': 'nothing-of-ours' }, { accept: '*/*' }, { accept: null },
        ].map((headers) => ({ headers })),
        answer: { status: 200, type: 'text/event-stream', has: { '0.id': /./, '0.data': null } },
    },
    {
        name: 'no-version-header',
        says: 'a request without MCP-Protocol-Version is served',
        clients: 'clients of 2025-03-26 and before',
        reports: ['HarperFast/harper#1611', 'modelcontextprotocol/csharp-sdk#500'],
        rule: 'Without the header the version is taken to be 2025-03-26 '
            + '(MCP 2025-11-25 transports, protocol version header).',
        each: [{}, { headers: { 'mcp-protocol-version': '' } },
            { headers: { 'mcp-protocol-version': '2024-11-05' } }],
        answer: { status: 200, has: { id: 1 } },
    },
    {
        name: 'unknown-version-header',
        says: 'a request with a version that is not spoken is a 400 that lists those that are',
        clients: 'clients that are newer than their server',
        reports: ['zereight/gitlab-mcp#652', 'modelcontextprotocol/java-sdk#958'],
        rule: 'After initialize, another version in the header is a bad request '
            + '(MCP 2025-11-25 transports, protocol version header).',
        each: ['2099-01-01', '1.0'].map((version) => ({
            headers: { 'mcp-protocol-version': version },
        })),
        answer: { status: 400, says: /speaks 2025-11-25, 2025-06-18, 2025-03-26, 2024-11-05/ },
    },
    {
        name: 'version-header-on-initialize',
        says: 'initialize negotiates whatever its header says',
        clients: 'the SDK for Python from 1.24, Claude Code, Hermes',
        reports: ['Effect-TS/effect#7388', 'xpzouying/xiaohongshu-mcp#697',
            'HarperFast/harper#1611'],
        rule: 'The header counts after initialize alone, for before it nothing is negotiated '
            + '(MCP 2025-11-25 lifecycle, version negotiation).',
        each: ['2099-01-01', '1999-01-01', '2025-06-18', null].map((version) => ({
            headers: { 'mcp-protocol-version': version },
        })),
        body: message('initialize', { ...info, protocolVersion: '2025-11-25' }),
        answer: { status: 200, has: { 'result.protocolVersion': '2025-11-25' } },
    },
    {
        name: 'strange-version',
        says: 'initialize with a version that nobody knows is answered with the newest of sessions',
        clients: 'mcp-golang ("1.0"), clients of revisions to come',
        reports: ['metoro-io/mcp-golang#134', 'wildfly/wildfly-ai-feature-pack#346'],
        rule: 'The server answers with another version, and the client decides '
            + '(MCP 2025-11-25 lifecycle, version negotiation).',
        each: ['1.0', '2099-01-01', ''].map((protocolVersion) => ({
            body: message('initialize', { ...info, protocolVersion }),
        })),
        answer: { status: 200, has: { 'result.protocolVersion': '2025-11-25' } },
    },
    {
        name: 'no-version-at-all',
        says: 'initialize without a version is an error that names it',
        clients: '-',
        reports: ['IBM/WxMCPServer#3'],
        rule: 'The version is required, and its absence an error of the parameters '
            + '(MCP 2025-11-25 lifecycle).',
        each: [{ body: message('initialize') }, { body: message('initialize', info) }],
        answer: { status: 200, code: -32602, says: /protocolVersion/ },
    },
    {
        name: 'bare-initialize',
        says: 'initialize without clientInfo and capabilities begins a session',
        clients: 'Hermes, and scripts',
        reports: ['xpzouying/xiaohongshu-mcp#697'],
        rule: 'Only what the server needs is asked for: without capabilities a client has none '
            + '(MCP 2025-11-25 lifecycle).',
        body: message('initialize', { protocolVersion: '2025-06-18' }),
        answer: {
            status: 200,
            has: { 'result.protocolVersion': '2025-06-18' },
            headers: { 'mcp-session-id': /^[\w-]{43}$/ },
        },
    },
    {
        name: 'ids-of-all-kinds',
        says: 'an id comes back as it was: 0, negative, text, digits as text, beyond 2^53',
        clients: 'Copilot Studio, Claude Desktop, Codex',
        reports: ['modelcontextprotocol/python-sdk#961', 'DeusData/codebase-memory-mcp#253',
            'yurineko73/Godot-MCP-Native#16', 'quarkusio/quarkus#56017', 'IBM/WxMCPServer#17'],
        rule: 'The response has the id of the request, in its type (JSON-RPC 2.0 §5).',
        each: ['0', '-1', '"0"', '"1"', '""', '"ünïcode 🚀"', '9007199254740993'].map((id) => ({
            body: `{"jsonrpc":"2.0","id":${id},"method":"ping"}`,
            answer: { status: 200, says: new RegExp(`"id":${id},"result"`) },
        })),
        answer: {},
    },
    {
        name: 'no-ids',
        says: 'an id that is null, a fraction or a boolean is refused, and not taken for none',
        clients: 'clients behind the SDK for Python, which took it for a notification',
        reports: ['modelcontextprotocol/python-sdk#2057', 'damionrashford/RivalSearchMCP#5',
            'flop-labs/technocore-chat#21', 'LIghtJUNction/OniMods#297'],
        rule: 'An id is a string or an integer and never null (MCP 2025-11-25 base protocol).',
        each: [null, 1.5, true, [], {}].map((id) => ({
            body: { jsonrpc: '2.0', id, method: 'ping' },
        })),
        answer: { status: 400, code: -32600, has: { id: null } },
    },
    {
        name: 'params-null',
        says: 'params that are null are params that are not there',
        clients: 'mcp.el',
        reports: ['lizqwerscott/mcp.el#85', 'chaitin/MonkeyCode#1268'],
        rule: 'Where params may be left out, null says the same '
            + '(JSON-RPC 2.0 §4.2 is silent on it).',
        each: ['tools/list', 'resources/list', 'prompts/list', 'ping'].map((method) => ({
            body: { jsonrpc: '2.0', id: 1, method, params: null },
        })),
        answer: { status: 200, has: { id: 1, error: null } },
    },
    {
        name: 'progress-tokens',
        says: 'a call with any progress token, or with none, gets its answer and no made-up '
            + 'progress',
        clients: 'Cursor, the SDK for TypeScript, the SDK for Java',
        reports: ['twentyhq/twenty#24559', 'modelcontextprotocol/java-sdk#663',
            'langchain4j/langchain4j#5792'],
        rule: 'Progress is told only under a token that the request gave, be it text or number '
            + '(MCP 2025-11-25 progress).',
        headers: { accept: 'text/event-stream, application/json' },
        each: [undefined, { progressToken: 0 }, { progressToken: 'abc' }, { progressToken: '7' },
        ].map((meta) => ({
            body: message('tools/call', { name: 'list_objects', ...(meta && { _meta: meta }) }),
        })),
        answer: { status: 200, type: 'application/json', has: { id: 1, 'result.isError': null } },
    },
    {
        name: 'meta-of-all-kinds',
        says: 'what a client puts into _meta, or beside the parameters, is its own affair',
        clients: 'the Inspector, langchain4j',
        reports: ['modelcontextprotocol/inspector#2094', 'langchain4j/langchain4j#5792'],
        rule: 'Unknown keys of _meta are left alone (MCP 2025-11-25 base protocol, _meta).',
        each: [{ _meta: null }, { _meta: {} }, { _meta: { 'example.com/a': [{ b: null }] } },
            { timeout: 3 }].map((params) => ({ body: message('tools/list', params) })),
        answer: { status: 200, has: { 'result.tools.0.name': 'list_objects' } },
    },
    {
        name: 'lists-by-habit',
        says: 'the lists that clients ask for by habit are all there',
        clients: 'Cline, opencode, Continue, Claude Desktop',
        reports: ['DeusData/codebase-memory-mcp#1015', 'gustavoeenriquez/MakerAi#109',
            'upstash/context7#2527', 'zcaceres/fetch-mcp#26',
            'executeautomation/mcp-playwright#101'],
        rule: 'Resources, templates and prompts are declared and listed '
            + '(MCP 2025-11-25 server features).',
        each: [['resources/list', 'resources'], ['prompts/list', 'prompts'],
            ['resources/templates/list', 'resourceTemplates']].map(([method, list]) => ({
            body: message(method), answer: { status: 200, has: { [`result.${list}.0.name`]: /./ } },
        })),
        answer: {},
    },
    {
        name: 'set-level-by-habit',
        says: 'logging/setLevel is not there, which is said by an error of the method alone',
        clients: 'VS Code, MCPJam, mastra',
        reports: ['x51xxx/codex-mcp-tool#1', 'MCPJam/inspector#2291', 'TJC-LP/fast-mcp-scala#56',
            'open-metadata/OpenMetadata#26152', 'mastra-ai/mastra#2874'],
        rule: 'What is not declared does not exist, and HTTP is well all the same '
            + '(MCP 2025-11-25 logging, JSON-RPC 2.0 §5.1).',
        steps: [
            {
                body: message('initialize', { ...info, protocolVersion: '2025-11-25' }),
                answer: { status: 200, has: { 'result.capabilities.logging': null } },
            },
            {
                body: message('logging/setLevel', { level: 'debug' }),
                answer: { status: 200, code: -32601, has: { id: 1 } },
            },
        ],
        answer: {},
    },
    {
        name: 'batches',
        says: 'a batch is answered to those versions that have batches, and refused to the others',
        clients: 'multi-agent frameworks on 2025-03-26',
        reports: ['modelcontextprotocol/python-sdk#934', 'modelcontextprotocol/go-sdk#451'],
        rule: 'Batches came with 2025-03-26 and went with 2025-06-18 (MCP changelogs).',
        each: [null, '2025-03-26', '2025-06-18', '2025-11-25'].map((version, i) => ({
            headers: { 'mcp-protocol-version': version },
            answer: i < 2 ? { status: 200, has: { '0.id': 1, '1.id': 2 } }
                : { status: 400, code: -32600, says: /has no batches/ },
        })),
        body: [message('ping'), { ...message('ping'), id: 2 }],
        answer: {},
    },
    {
        name: 'made-up-cursor',
        says: 'a cursor that was never given out is an error, and null is the first page',
        clients: '-',
        reports: ['MongLong0214/logic-pro-mcp#218'],
        rule: 'An invalid cursor is an error of the parameters (MCP 2025-11-25 pagination).',
        each: [...['tools/list', 'resources/list', 'prompts/list'].map((method) => ({
            body: message(method, { cursor: 'bogus' }),
            answer: { status: 200, code: -32602, says: /cursor/i },
        })), { body: message('tools/list', { cursor: null }) }],
        answer: { status: 200, has: { 'result.tools.0.name': 'list_objects' } },
    },
];
