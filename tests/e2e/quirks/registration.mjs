// Discovery and registration as clients do them.
const wellKnown = '/.well-known/oauth-';
const cursor = ['cursor://anysphere.cursor-mcp/oauth/callback', 'http://localhost:8787/callback',
    'https://www.cursor.com/agents/mcp/oauth/callback'];
const both = ['http://localhost/callback', 'http://127.0.0.1/callback'];

export const rows = [
    {
        name: 'resource-metadata-places',
        says: 'the resource\'s metadata is at the root and under the path of the connector',
        clients: 'ChatGPT and VS Code (at the root), others (with the path)',
        reports: ['PrefectHQ/fastmcp#2077', 'kernel/kernel-mcp-server#91',
            'akutishevsky/nutrition-mcp#51', 'cloudflare/workers-oauth-provider#137'],
        rule: 'The well-known part goes before the path, and clients try the root as well '
            + '(RFC 9728 §3.1, MCP 2025-11-25 authorization).',
        as: 'nobody',
        method: 'GET',
        each: [
            { path: `${wellKnown}protected-resource` },
            { path: `${wellKnown}protected-resource/mcp` },
        ],
        answer: {
            status: 200, type: 'application/json',
            has: { resource: '$url/mcp', authorization_servers: ['$url'] },
        },
    },
    {
        name: 'resource-metadata-with-slash',
        says: 'who came to the address with a slash reads that address in the metadata',
        clients: 'Gemini CLI, which compares the two as texts',
        reports: ['google-gemini/gemini-cli#15754', 'google-gemini/gemini-cli#20231',
            'agencyenterprise/draft-detective#774'],
        rule: 'The resource of a metadata document is the one that it was asked for '
            + '(RFC 9728 §3.3).',
        as: 'nobody',
        steps: [
            {
                path: '/mcp/',
                answer: {
                    status: 401, headers: { 'www-authenticate': /protected-resource\/mcp\/"/ },
                },
            },
            {
                path: `${wellKnown}protected-resource/mcp/`,
                method: 'GET',
                answer: { status: 200, has: { resource: '$url/mcp/' } },
            },
        ],
        answer: {},
    },
    {
        name: 'server-metadata-places',
        says: 'the places of metadata that do not fit the issuer are a 404 in JSON, never a page',
        clients: 'Claude Code, the SDKs, while they look for metadata',
        reports: ['outline/outline#11572', 'modelcontextprotocol/typescript-sdk#616',
            'PrefectHQ/fastmcp#4166', 'anthropics/claude-code#41253'],
        rule: 'An issuer without a path has one document of RFC 8414 §3.1, this is no OpenID '
            + 'provider, and a client goes on after 404 '
            + '(MCP 2025-11-25 authorization server discovery).',
        as: 'nobody',
        method: 'GET',
        each: [
            `${wellKnown}authorization-server/mcp`, `/mcp${wellKnown}authorization-server`,
            '/.well-known/openid-configuration', '/.well-known/openid-configuration/mcp',
            '/mcp/.well-known/openid-configuration',
        ].map((path) => ({ path })),
        answer: { status: 404, type: 'application/json' },
    },
    {
        name: 'default-endpoints',
        says: 'the endpoints that clients of 2025-03-26 take for granted are those of the metadata',
        clients: 'Raycast, older SDKs',
        reports: ['appwrite/mcp#77', 'modelcontextprotocol/csharp-sdk#1374',
            'modelcontextprotocol/ruby-sdk#414'],
        rule: 'The server is its own issuer, with /authorize, /token and /register at the root '
            + '(MCP 2025-03-26 authorization §2.3).',
        as: 'nobody',
        method: 'GET',
        path: `${wellKnown}authorization-server`,
        answer: {
            status: 200,
            has: {
                issuer: '$url',
                authorization_endpoint: '$url/authorize',
                token_endpoint: '$url/token',
                registration_endpoint: '$url/register',
                code_challenge_methods_supported: ['S256'],
            },
        },
    },
    {
        name: 'private-schemes',
        says: 'a registration with an application\'s own scheme beside web addresses is taken '
            + 'whole',
        clients: 'Cursor, VS Code',
        reports: ['laravel/mcp#173', 'jentic/jentic-one#1245', 'soflyy/agent-connector-for-wp#111',
            'modelcontextprotocol/python-sdk#897', 'cartesia-ai/cartesia-mcp#73'],
        rule: 'Native applications come back by a private-use scheme (RFC 8252 §7.1).',
        each: [cursor, ['vscode://a.b/callback'], ['com.example.app:/oauth?name=a']]
            .map((uris) => ({
                register: { redirect_uris: uris },
                answer: { status: 201, has: { redirect_uris: uris } },
            })),
        answer: {},
    },
    {
        name: 'schemes-that-run',
        says: 'a registration with a scheme that a browser runs is refused by name of the member',
        clients: 'none that is honest; servers that took any scheme for Cursor\'s sake',
        reports: ['actionhero/keryx#502', 'trypostit/trypost#336'],
        rule: 'What runs or reads in the browser is no place to return to (RFC 7591 §3.2.2).',
        each: ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd',
            'http://evil.example/cb',
        ].map((uri) => ({ register: { redirect_uris: [...both, uri] } })),
        answer: { status: 400, has: { error: 'invalid_redirect_uri' } },
    },
    {
        name: 'registration-with-more',
        says: 'members of a registration that nobody knows, or that are null or empty, do no harm',
        clients: 'turnstone (resource), the SDK for TypeScript (application_type)',
        reports: ['turnstonelabs/turnstone#1082', 'modelcontextprotocol/typescript-sdk#2355'],
        rule: 'Metadata that is not understood is ignored (RFC 7591 §2).',
        each: [
            { resource: '$url/mcp' }, { application_type: 'native' }, { software_id: 'x', a: [{}] },
            { client_uri: null, logo_uri: '', contacts: [], client_secret: '', jwks: null },
            { client_name: null, scope: null, grant_types: null },
        ].map((register) => ({ register })),
        answer: { status: 201, has: { client_id: /./ } },
    },
    {
        name: 'registration-with-less',
        says: 'a registration that names no method and no grants gets a secret for Basic',
        clients: 'VS Code',
        reports: ['obot-platform/mcp-oauth-proxy#52', 'directus/directus#27628'],
        rule: 'The defaults are client_secret_basic and authorization_code (RFC 7591 §2).',
        register: { redirect_uris: ['http://127.0.0.1:33418'] },
        answer: {
            status: 201,
            has: {
                token_endpoint_auth_method: 'client_secret_basic',
                client_secret: /^.{32,}$/,
                client_secret_expires_at: 0,
                'grant_types.0': 'authorization_code',
            },
        },
    },
    {
        name: 'no-secret-for-public',
        says: 'a client that registers without authentication is given no secret, not even null',
        clients: 'Codex, Claude Code, Cursor, the Inspector',
        reports: ['openai/codex#40928', 'garrytan/gbrain#909',
            'modelcontextprotocol/python-sdk#1842'],
        rule: 'A secret comes with a method that uses it (RFC 7591 §3.2.1).',
        register: { token_endpoint_auth_method: 'none' },
        answer: {
            status: 201, has: { token_endpoint_auth_method: 'none' }, says: /^(?!.*client_secret)/,
        },
    },
    {
        name: 'more-grants',
        says: 'grants that are not offered are left out of a registration',
        clients: '-',
        reports: ['element-hq/matrix-authentication-service#5612'],
        rule: 'The server may replace what was asked for, and says what it registered '
            + '(RFC 7591 §3.2.1).',
        register: {
            grant_types: ['authorization_code', 'refresh_token',
                'urn:ietf:params:oauth:grant-type:device_code'],
        },
        answer: { status: 201, has: { grant_types: ['authorization_code', 'refresh_token'] } },
    },
    {
        name: 'strange-scopes-at-registration',
        says: 'scopes of other servers in a registration are left out',
        clients: 'muster, Witsy (mcp:tools), mcp-remote (openid email profile)',
        reports: ['giantswarm/muster#1086', 'Kochava-Studios/witsy#420', 'punkpeye/mcp-remote#216'],
        rule: 'The server registers a scope of its own choice (RFC 7591 §2).',
        each: ['openid email profile', 'mcp:tools', ''].map((scope) => ({ register: { scope } })),
        answer: { status: 201, has: { scope: null } },
    },
];
