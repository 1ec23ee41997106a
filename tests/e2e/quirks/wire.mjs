// HTTP as clients speak it: probes, headers, addresses, browsers.
const challenge = /^Bearer .*resource_metadata="http\S+\/oauth-protected-resource\/mcp\/?"/;

export const rows = [
    {
        name: 'head-probe',
        says: 'a HEAD without a token is answered as GET would be',
        clients: 'Gemini CLI',
        reports: ['google-gemini/gemini-cli#15754', 'laravel/mcp#139'],
        rule: 'HEAD gets the challenge that GET gets, and never a 405 '
            + '(RFC 9110 §9.3.2, RFC 9728 §5.1).',
        as: 'nobody',
        method: 'HEAD',
        each: [{ path: '/mcp' }, { path: '/mcp/' }],
        answer: { status: 401, headers: { 'www-authenticate': challenge } },
    },
    {
        name: 'probe-without-token',
        says: 'a GET or DELETE without a token is asked to log in before anything else is said',
        clients: 'claude.ai, ChatGPT',
        reports: ['brendanlong/lion-reader#736', 'lightdash/lightdash#26726'],
        rule: 'Whatever a stranger asks of the connector, the answer is 401 with the way to the '
            + 'login (RFC 9728 §5.1, MCP 2025-11-25 authorization).',
        as: 'nobody',
        each: [{ method: 'GET' }, { method: 'DELETE' }, { method: 'POST', body: '{' }],
        answer: {
            status: 401, type: 'application/json', headers: { 'www-authenticate': challenge },
        },
    },
    {
        name: 'unoffered-method',
        says: 'a method that is not offered is a 405 that lists those that are',
        clients: 'connection probes',
        reports: ['youdotcom-oss/dx-toolkit#40', 'twentyhq/twenty#19496'],
        rule: 'A 405 carries Allow (RFC 9110 §15.5.6).',
        each: [{ method: 'PUT' }, { method: 'PATCH' }],
        answer: { status: 405, headers: { allow: 'POST, GET, HEAD, DELETE, OPTIONS' } },
    },
    {
        name: 'narrow-accept',
        says: 'an Accept that lists one of the two types, both in any order, or nothing gets JSON',
        clients: 'ElevenLabs, AWS DevOps Agent, the MCP plugin of Dify, mcptools, mcp-remote',
        reports: ['ComposioHQ/composio#2152', 'axiomhq/mcp#77', 'f/mcptools#69',
            'junjiem/dify-plugin-tools-mcp_sse#70', 'punkpeye/mcp-remote#215',
            'diillson/chatcli#916'],
        rule: 'A client must list both types, but one that can read JSON gets it all the same '
            + '(MCP 2025-11-25 transports, RFC 9110 §12.5.1).',
        each: [null, '*/*', 'application/json', 'application/*', 'text/event-stream',
            'text/event-stream, application/json', 'application/json;q=0.5',
        ].map((accept) => ({ headers: { accept } })),
        answer: { status: 200, type: 'application/json', has: { id: 1 } },
    },
    {
        name: 'html-accept',
        says: 'a client that takes nothing but HTML is told which types there are',
        clients: 'browsers, opened on the connector\'s address',
        reports: ['PrefectHQ/fastmcp#1664'],
        rule: 'A 406 names what can be had (RFC 9110 §15.5.7).',
        headers: { accept: 'text/html' },
        answer: { status: 406, says: /application\/json and text\/event-stream/ },
    },
    {
        name: 'json-with-charset',
        says: 'a Content-Type with a charset or in capitals is JSON',
        clients: 'the C# SDK',
        reports: ['modelcontextprotocol/csharp-sdk#1527', 'grafana/mcp-grafana#215'],
        rule: 'A media type is compared without its parameters and without regard to case '
            + '(RFC 9110 §8.3.1).',
        each: ['application/json; charset=utf-8', 'application/json;charset="UTF-8"',
            'Application/JSON'].map((type) => ({ headers: { 'content-type': type } })),
        answer: { status: 200, has: { id: 1 } },
    },
    {
        name: 'other-content-type',
        says: 'a body of another type, or of none, is refused by naming the type that is read',
        clients: 'hand-written clients',
        reports: ['dart-lang/ai#659'],
        rule: 'Only application/json is read, so that no form of a web page reaches a tool '
            + '(RFC 9110 §15.5.16, RFC 8259 §11).',
        each: [null, 'text/plain', 'application/json-rpc', 'application/x-www-form-urlencoded',
        ].map((type) => ({ headers: { 'content-type': type } })),
        answer: { status: 415, says: /Content-Type must be application\/json/ },
    },
    {
        name: 'bearer-in-small-letters',
        says: 'a token after "bearer", "BEARER" or two spaces is a token',
        clients: 'LiteLLM, agent-swarm, opengeni, Coder',
        reports: ['BerriAI/litellm#34743', 'desplega-ai/agent-swarm#368',
            'Cloudgeni-ai/opengeni#303', 'coder/coder#23516'],
        rule: 'The scheme has no case, and one or more spaces follow it '
            + '(RFC 9110 §11.1 and §11.4).',
        each: ['bearer $access', 'BEARER $access', 'Bearer  $access',
        ].map((authorization) => ({ headers: { authorization } })),
        answer: { status: 200, has: { id: 1 } },
    },
    {
        name: 'token-in-address',
        says: 'a token in the address counts for nothing, and is no error of a token',
        clients: 'ChatGPT apps and others that cannot send a header',
        reports: ['hasanraiyan/resume#214'],
        rule: 'Tokens come in the Authorization header alone, since addresses are logged '
            + '(OAuth 2.1 §5.1, RFC 9700 §4.3.2).',
        as: 'nobody',
        each: [{ path: '/mcp?access_token=$access' }, { path: '/mcp?token=$access' }],
        answer: { status: 401, headers: { 'www-authenticate': /^(?!.*error=)Bearer / } },
    },
    {
        name: 'slash-at-the-end',
        says: 'a connector\'s address with a slash at its end is served and not redirected',
        clients: 'claude.ai, Claude Code, Codex, mcpo',
        reports: ['BerriAI/litellm#20498', 'anthropics/claude-ai-mcp#234', 'wmde/WikidataMCP#3',
            'oceanbase/powercontext#1662', 'trycua/cua#883'],
        rule: 'Both spellings are one resource: a redirect would cost the body or the token '
            + '(RFC 9110 §15.4).',
        path: '/mcp/',
        answer: { status: 200, has: { id: 1 } },
    },
    {
        name: 'doubled-slash',
        says: 'a path with a doubled slash is refused with the reason, and not redirected',
        clients: '-',
        reports: ['OpenLiberty/open-liberty#35620'],
        rule: 'An empty segment makes another path, and a guarded path has one spelling '
            + '(RFC 3986 §3.3).',
        path: '//mcp',
        answer: { status: 400, says: /not in its plain form/, headers: { location: null } },
    },
    {
        name: 'root-instead-of-mcp',
        says: 'a message to the root is a 405, and the root says where the connector is',
        clients: 'Claude Code, configured with the server\'s address alone',
        reports: ['akitaonrails/ai-memory#185', 'resend/resend-mcp#173', 'appwrite/mcp#78'],
        rule: 'There is one resource, at /mcp (RFC 9728 §2), and a page for people at the root.',
        steps: [
            { path: '/', answer: { status: 405, headers: { allow: 'GET, HEAD' } } },
            { path: '/', method: 'GET', answer: { status: 200, says: /http:\S+\/mcp\n/ } },
        ],
        answer: {},
    },
    {
        name: 'legacy-sse',
        says: 'the addresses of the old transport are a plain 404 in JSON',
        clients: 'mcp-remote, FastGPT, hermes-agent and others that fall back to /sse',
        reports: ['punkpeye/mcp-remote#47', 'labring/FastGPT#7154',
            'NousResearch/hermes-agent#106432'],
        rule: 'HTTP with SSE of 2024-11-05 is not spoken, and 404 lets a client say so '
            + '(MCP 2025-11-25 transports, backwards compatibility).',
        each: [{ path: '/sse', method: 'GET' }, { path: '/sse' }, { path: '/messages' }],
        answer: { status: 404, type: 'application/json' },
    },
    {
        name: 'query-on-the-address',
        says: 'a query that a marketplace put on the connector\'s address changes nothing',
        clients: 'Claude Code, by a plugin\'s configuration',
        reports: ['getsentry/sentry-for-ai#334'],
        rule: 'The path alone selects the endpoint (RFC 3986 §3.4).',
        path: '/mcp?utm_source=plugin',
        answer: { status: 200, has: { id: 1 } },
    },
    {
        name: 'opaque-origin',
        says: 'an Origin of null, of a file or of a webview may not call, and reads why',
        clients: 'Electron and VS Code webviews',
        reports: ['koala73/worldmonitor#4802', 'modelcontextprotocol/modelcontextprotocol#1439'],
        rule: 'An Origin that is not on the list gets 403; who sends none is no browser '
            + '(MCP 2025-11-25 transports, security warning).',
        each: ['null', 'file://', 'vscode-webview://a1b2', 'https://evil.example',
        ].map((origin) => ({ headers: { origin } })),
        answer: { status: 403, says: /Origin may not call/ },
    },
    {
        name: 'known-origin',
        says: 'the web clients\' origins may call and read the session\'s id',
        clients: 'ChatGPT, claude.ai, the Inspector',
        reports: ['koala73/worldmonitor#4802', 'GDKsoftware/Delphi-MCP-Server#11'],
        rule: 'A known origin is named back with the headers that its script needs '
            + '(Fetch standard, CORS protocol).',
        each: ['https://claude.ai', 'https://chatgpt.com', 'http://localhost:6274',
        ].map((origin) => ({
            headers: { origin },
            answer: {
                status: 200,
                headers: {
                    'access-control-allow-origin': origin,
                    'access-control-expose-headers': /WWW-Authenticate.*Mcp-Session-Id/,
                    vary: 'Origin',
                },
            },
        })),
        answer: {},
    },
    {
        name: 'preflight',
        says: 'a preflight without a token allows every header and method of the protocol',
        clients: 'the Inspector, llama.cpp\'s web client',
        reports: ['netdata/netdata#22258', 'cameronrye/openzim-mcp#93',
            'hauptsacheNet/typo3-mcp-server#115', 'envoyproxy/ai-gateway#2307'],
        rule: 'A preflight carries no credentials and is answered before they are asked for '
            + '(Fetch standard, CORS-preflight fetch).',
        as: 'nobody',
        method: 'OPTIONS',
        headers: {
            origin: 'http://localhost:6274',
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'authorization,mcp-protocol-version,mcp-session-id',
        },
        answer: {
            status: 204,
            headers: {
                'access-control-allow-methods': /POST.*GET.*DELETE/,
                'access-control-allow-headers':
                    /Authorization.*MCP-Protocol-Version.*Mcp-Session-Id.*Last-Event-ID/,
            },
        },
    },
    {
        name: 'preflight-of-discovery',
        says: 'a preflight before discovery allows the protocol\'s version header',
        clients: 'the SDK for TypeScript in a browser',
        reports: ['envoyproxy/ai-gateway#2307', 'perplexityai/modelcontextprotocol#137'],
        rule: 'Discovery is public, also to scripts that put MCP-Protocol-Version on it '
            + '(RFC 9728 §3.1, Fetch standard).',
        as: 'nobody',
        method: 'OPTIONS',
        headers: { origin: 'https://app.example', 'access-control-request-method': 'GET' },
        each: [
            { path: '/.well-known/oauth-protected-resource/mcp' },
            { path: '/.well-known/oauth-authorization-server' },
            { path: '/register' }, { path: '/token' },
        ],
        answer: {
            status: 204,
            headers: {
                'access-control-allow-origin': '*',
                'access-control-allow-headers': /MCP-Protocol-Version/,
            },
        },
    },
    {
        name: 'undecoded-compression',
        says: 'a client that asks for compressed answers gets them plain',
        clients: 'Codex, the SDK for Python, ruby-mcp-client, agentgateway',
        reports: ['openai/codex#37228', 'modelcontextprotocol/python-sdk#2649',
            'simonx1/ruby-mcp-client#45', 'agentgateway/agentgateway#621'],
        rule: 'Accept-Encoding offers and does not demand, so nothing is encoded that a client '
            + 'might not decode (RFC 9110 §12.5.3).',
        headers: { 'accept-encoding': 'br, zstd, gzip, deflate' },
        body: { jsonrpc: '2.0', id: 1, method: 'tools/list' },
        answer: { status: 200, headers: { 'content-encoding': null }, has: { id: 1 } },
    },
    {
        name: 'chunked-body',
        says: 'a body in chunks, or one that waits for 100, is read',
        clients: 'hermes-agent, whose chunks load balancers refused',
        reports: ['NousResearch/hermes-agent#106432'],
        rule: 'Chunked is read as any body is, and 100-continue is met '
            + '(RFC 9112 §7.1, RFC 9110 §10.1.1).',
        each: [{ 'transfer-encoding': 'chunked' }, { expect: '100-continue' },
        ].map((headers) => ({ headers })),
        answer: { status: 200, has: { id: 1 } },
    },
    {
        name: 'byte-order-mark',
        says: 'a body that begins with a byte order mark is no JSON',
        clients: 'Jayrock, and other clients that write through a .NET stream',
        reports: ['atifaziz/Jayrock#49'],
        rule: 'Nobody may put the mark before JSON on a network, and it is not skipped '
            + '(RFC 8259 §8.1).',
        body: '\ufeff{"jsonrpc":"2.0","id":1,"method":"ping"}',
        answer: { status: 400, code: -32700 },
    },
];
