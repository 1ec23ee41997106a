// The one list of the clients. `how`: live is the client's own program; library is its code, called
// as its programs call it, with no model. `notes` says why a cell is not "yes".
const sdk = (version, folder = `sdk-${version}`) => ({
    name: `official SDK ${version}`, package: '@modelcontextprotocol/sdk', folder, file: 'sdk',
    how: 'library',
});

// So that a client which has a metadata document of its own, on a host that the machine of the run
// cannot reach, registers instead.
const noDocuments = { TWENTY_MCP_CIMD: 'off' };

export const clients = [
    sdk('1.10.2'),
    sdk('1.17.0'),
    sdk('1.22.0'),
    sdk('1.32.2', '@modelcontextprotocol/sdk'),
    {
        name: 'official SDK 2, 2025-11-25', package: '@modelcontextprotocol/client', file: 'sdk2',
        how: 'library', mode: 'legacy',
    },
    {
        name: 'official SDK 2, 2026-07-28', package: '@modelcontextprotocol/client', file: 'sdk2',
        how: 'library', mode: { pin: '2026-07-28' },
    },
    { name: 'mcp-remote', package: 'mcp-remote', file: 'mcp_remote', how: 'live' },
    {
        name: 'MCP Inspector', package: '@modelcontextprotocol/inspector', file: 'inspector',
        how: 'live',
    },
    { name: 'Claude Code', package: '@anthropic-ai/claude-code', file: 'claude_code', how: 'live' },
    {
        name: 'Codex', package: '@openai/codex', file: 'codex', how: 'live', settings: noDocuments,
        notes: 'metadata documents were off, for its own stands on the internet',
    },
    { name: 'OpenCode', package: 'opencode-ai', file: 'opencode', how: 'live' },
    {
        name: 'Copilot CLI', package: '@github/copilot', file: 'copilot', how: 'live',
        settings: noDocuments,
        notes: 'metadata documents were off, for its own stands on the internet',
    },
    { name: 'Qwen Code', package: '@qwen-code/qwen-code', file: 'qwen', how: 'live' },
    {
        name: 'Gemini CLI', package: '@google/gemini-cli-core', file: 'gemini', how: 'library',
    },
    { name: 'mcporter', package: 'mcporter', file: 'mcporter', how: 'live' },
    { name: 'mcpc', package: '@apify/mcpc', file: 'mcpc', how: 'live' },
    { name: 'Vercel AI SDK', package: '@ai-sdk/mcp', file: 'ai_sdk', how: 'library' },
    { name: 'LangChain', package: '@langchain/mcp-adapters', file: 'langchain', how: 'library' },
    { name: 'OpenAI Agents', package: '@openai/agents', file: 'openai_agents', how: 'library' },
    { name: 'Google GenAI', package: '@google/genai', file: 'genai', how: 'library' },
    { name: 'Google ADK', package: '@google/adk', file: 'adk', how: 'library' },
    { name: 'Genkit', package: '@genkit-ai/mcp', file: 'genkit', how: 'library' },
    { name: 'Mastra', package: '@mastra/mcp', file: 'mastra', how: 'library' },
    { name: 'mcp-use', package: 'mcp-use', file: 'mcp_use', how: 'library' },
    { name: 'Strands Agents', package: '@strands-agents/sdk', file: 'strands', how: 'library' },
    { name: 'TanStack AI', package: '@tanstack/ai-mcp', file: 'tanstack', how: 'library' },
    { name: 'VoltAgent', package: '@voltagent/core', file: 'voltagent', how: 'library' },
    { name: 'Hugging Face', package: '@huggingface/mcp-client', file: 'huggingface', how: 'library' },
    { name: 'LlamaIndex', package: '@llamaindex/tools', file: 'llamaindex', how: 'library' },
];
