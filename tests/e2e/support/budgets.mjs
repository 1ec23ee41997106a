// What the server may cost a model's context, in tokens.
import assert from 'node:assert/strict';
import { tokens } from './tokens.mjs';

// The most tokens that each may cost. 25,000 is where Claude Code cuts a result off.
export const most = {
    instructions: 500,
    toolsRead: 2_500,
    toolsWrite: 3_500,
    tool: 400,
    resources: 1_600, // with five skills and what each is for
    prompts: 400,
    // A participant is three links: an event, a person, a member; each an id and a label.
    page: { person: 2_500, company: 2_500, calendarEventParticipant: 3_300, messageParticipant: 3_700 },
    otherPage: 3_000,
    description: 1_200,
    objects: 1_500,
    primer: 6_000,
    record: 1_500,
    result: 25_000,
};

export function within(t, text, limit, what) {
    const count = tokens(text);
    t.diagnostic(`${what}: ${count} of at most ${limit} tokens`);
    assert.ok(count <= limit, `${what} costs ${count} tokens, at most ${limit}`);
}
