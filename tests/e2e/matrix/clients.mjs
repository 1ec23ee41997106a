// The one list of the clients. `how`: live is the client's own program; library is its code, called
// as its programs call it. `settings` are the server's. `notes`, with places in the client's
// package, say why a cell is not "yes" and what had to be done for one that is.
const sdk = (version, folder = `sdk-${version}`) => ({
    name: `official SDK ${version}`, package: '@modelcontextprotocol/sdk', folder, file: 'sdk',
    how: 'library',
});

const library = (name, file, from, notes) => ({ name, file, package: from, how: 'library', notes });
const live = (name, file, from, notes, settings) =>
    ({ name, file, package: from, how: 'live', notes, settings });

// So that a client which has a metadata document of its own, on a host that the machine of the run
// cannot reach, registers instead.
const noDocuments = { TWENTY_MCP_CIMD: 'off' };
const scripted = 'its model is a script';
const itsDocument = `${scripted}; metadata documents are off, as its own is on the internet`;
const clock = 'refreshes by the clock alone, so an hour passes for it';
const headersAlone = 'has no OAuth: takes a token';

export const clients = [
    sdk('1.10.2'),
    sdk('1.17.0'),
    sdk('1.22.0'),
    sdk('1.32.2', '@modelcontextprotocol/sdk'),
    {
        name: 'official SDK 2 (2025-11-25)', package: '@modelcontextprotocol/client', file: 'sdk2',
        how: 'library', mode: 'legacy',
    },
    {
        name: 'official SDK 2 (2026-07-28)', package: '@modelcontextprotocol/client', file: 'sdk2',
        how: 'library', mode: { pin: '2026-07-28' },
    },
    live('mcp-remote', 'mcp_remote', 'mcp-remote'),
    live('supergateway', 'supergateway', 'supergateway', headersAlone),
    live('MCP Inspector', 'inspector', '@modelcontextprotocol/inspector'),
    live('mcporter', 'mcporter', 'mcporter', 'has a fixed redirect address; when that changes it '
        + 'forgets who it registered as (`dist/oauth.js` 122) and asks the person again'),
    live('mcpc', 'mcpc', '@apify/mcpc', `${clock} (\`dist/lib/auth/oauth-token-manager.js\` 31); `
        + 'refused before that, the call fails'),
    live('Claude Code', 'claude_code', '@anthropic-ai/claude-code', scripted),
    live('Codex', 'codex', '@openai/codex', itsDocument, noDocuments),
    live('OpenCode', 'opencode', 'opencode-ai', scripted),
    live('Copilot CLI', 'copilot', '@github/copilot', `${itsDocument}; ${clock}`, noDocuments),
    live('Qwen Code', 'qwen', '@qwen-code/qwen-code', `${scripted}; ${clock}; with `
        + '`oauth.enabled` it would not, as it then gives no client id '
        + '(`chunks/chunk-DPEB6S2R.js` 117625)'),
    library('Gemini CLI', 'gemini', '@google/gemini-cli-core', `${clock}; refused before that, it `
        + 'registers with no redirect address (`dist/src/mcp/stored-token-provider.js` 14)'),
    library('Vercel AI SDK', 'ai_sdk', '@ai-sdk/mcp'),
    library('LangChain', 'langchain', '@langchain/mcp-adapters'),
    library('OpenAI Agents', 'openai_agents', '@openai/agents'),
    library('Google GenAI', 'genai', '@google/genai', 'mcpToTool() over the official SDK'),
    library('Google ADK', 'adk', '@google/adk'),
    library('Genkit', 'genkit', '@genkit-ai/mcp'),
    library('Mastra', 'mastra', '@mastra/mcp'),
    library('mcp-use', 'mcp_use', 'mcp-use'),
    library('Strands Agents', 'strands', '@strands-agents/sdk'),
    library('TanStack AI', 'tanstack', '@tanstack/ai-mcp'),
    library('VoltAgent', 'voltagent', '@voltagent/core', headersAlone),
    library('Hugging Face', 'huggingface', '@huggingface/mcp-client', scripted),
    library('LlamaIndex', 'llamaindex', '@llamaindex/tools'),
];
