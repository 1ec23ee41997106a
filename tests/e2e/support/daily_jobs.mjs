// Ten jobs of a working day, each with a budget of its own. What is right is worked out from the
// workspace's own GraphQL (graphql()), which costs the job nothing, and not from our answers. The
// same calls stand against recorded forms of Twenty in tests/crm/daily_jobs_test.cpp, and their
// requests to Twenty are counted in tests/demo/daily_jobs_test.cpp.
import assert from 'node:assert/strict';
import { importJob } from './import_job.mjs';

const day = 86_400_000;
const ago = (days, now = Date.now()) => new Date(now - days * day).toISOString();
const column = ({ columns, rows }, name) => rows.map((row) => row[columns.indexOf(name)]);
const sorted = (ids) => [...ids].sort();
const sums = (rows, key) => {
    const out = new Map();
    for (const row of rows) {
        const units = Number(row.amount.amountMicros ?? 0) / 1e6;
        out.set(key(row), (out.get(key(row)) ?? 0) + units);
    }
    return out;
};

// All records of a root, as plain objects.
async function all(graphql, root, filter, selection) {
    const data = await graphql(`{${root}(filter:${filter},first:5000){edges{node{${selection}}}}}`);
    return data[root].edges.map(({ node }) => node);
}

function quarterOf(moment) {
    const now = new Date(moment);
    const month = now.getUTCMonth() - (now.getUTCMonth() % 3);
    return [0, 3].map((more) => new Date(Date.UTC(now.getUTCFullYear(), month + more)).toISOString());
}

const open = 'stage:{neq:"CUSTOMER"}';
let note; // about whom the last job asks

export const daily = [
    {
        ask: 'Note a call about a deal, with a task for its owner next Tuesday at nine',
        calls: 3, tokens: 1_100,
        async run({ find, create, graphql }) {
            const [deal] = (await all(graphql, 'opportunities', '{ownerId:{is:NOT_NULL}}', 'id name ownerId'))
                .sort((a, b) => (a.id < b.id ? -1 : 1));
            const found = await find('opportunity', { search: deal.name, fields: ['name', 'owner'], limit: 1 });
            const about = [{ object: 'opportunity', id: column(found, 'id')[0] }];
            note = await create('note', { title: 'Call', bodyV2: 'They want a **rideshare**.' }, about);
            const now = Date.now();
            const tuesday = new Date(now + (((9 - new Date(now).getUTCDay()) % 7) || 7) * day);
            const dueAt = `${tuesday.toISOString().slice(0, 10)}T09:00:00+01:00`;
            const assigneeId = column(found, 'owner.label')[0];
            const task = await create('task', { title: 'Send the offer', dueAt, assigneeId }, about);

            note.deal = deal;
            for (const [root, join, id] of [['noteTargets', 'noteId', note.id], ['taskTargets', 'taskId', task.id]]) {
                const rows = await all(graphql, root, `{${join}:{eq:"${id}"}}`,
                    'targetOpportunityId targetCompanyId targetPersonId');
                assert.deepEqual(rows, [{ targetOpportunityId: deal.id, targetCompanyId: null, targetPersonId: null }]);
            }
            const [stored] = await all(graphql, 'tasks', `{id:{eq:"${task.id}"}}`, 'assigneeId dueAt');
            assert.deepEqual([stored.assigneeId, Date.parse(stored.dueAt)], [deal.ownerId, Date.parse(dueAt)]);
        },
    },
    {
        ask: 'Open deals that close this quarter without any activity in 30 days',
        calls: 2, tokens: 2_500, calendar: true, // a quarter has more days to come or fewer
        async run({ find, graphql }) {
            const now = Date.now(); // one moment: midnight may come between the calls
            // A quiet deal of this quarter, whatever the day is.
            await graphql('mutation($d:OpportunityCreateInput!){createOpportunity(data:$d){id}}',
                { d: { name: 'Quiet', stage: 'NEW', closeDate: new Date(now).toISOString() } });
            const quiet = await find('opportunity', {
                filter: {
                    closeDate: { eq: 'thisQuarter' }, stage: { neq: 'CUSTOMER' },
                    notes: { none: { createdAt: { gte: '-30d' } } },
                    tasks: { none: { createdAt: { gte: '-30d' } } },
                    timeline: { none: { happensAt: { gte: '-30d' } } },
                },
                fields: ['name', 'closeDate', 'owner'],
            });

            const [from, to] = quarterOf(now);
            const deals = await all(graphql, 'opportunities',
                `{and:[{closeDate:{gte:"${from}"}},{closeDate:{lt:"${to}"}},{${open}}]}`, 'id');
            const since = ago(30, now).slice(0, 10); // from that day's midnight on
            const busy = new Set();
            for (const [root, more, time] of [
                ['noteTargets', 'note{createdAt}', (row) => row.note?.createdAt],
                ['taskTargets', 'task{createdAt}', (row) => row.task?.createdAt],
                ['timelineActivities', 'happensAt', (row) => row.happensAt],
            ]) {
                const rows = await all(graphql, root, '{targetOpportunityId:{is:NOT_NULL}}', `targetOpportunityId ${more}`);
                rows.filter((row) => time(row) >= since).forEach((row) => busy.add(row.targetOpportunityId));
            }
            const expected = deals.map(({ id }) => id).filter((id) => !busy.has(id));
            assert.ok(expected.length > 0);
            assert.equal(quiet.total, expected.length);
            assert.equal(quiet.rows.length, Math.min(expected.length, 20));
            assert.ok(column(quiet, 'id').every((id) => expected.includes(id)));
        },
    },
    {
        ask: 'Callum Reyes is away: give all his open tasks to Nadia Sorel',
        calls: 2, tokens: 3_200,
        async run({ find, call, graphql }) {
            const whose = async (filter) => (await all(graphql, 'tasks', filter, 'id')).map(({ id }) => id);
            const his = 'assignee:{name:{lastName:{eq:"Reyes"}}}';
            const before = await whose(`{and:[{${his}},{status:{neq:"DONE"}}]}`);
            const done = await whose(`{and:[{${his}},{status:{eq:"DONE"}}]}`);
            assert.ok(before.length > 10 && done.length > 0);

            const tasks = await find('task', {
                filter: { assignee: { name: { lastName: { eq: 'Reyes' } } }, status: { neq: 'DONE' } },
                fields: ['title'], limit: 200,
            });
            const moved = await call('update_record', {
                objectName: 'task', ids: column(tasks, 'id'), data: { assigneeId: 'Nadia Sorel' },
            });
            assert.equal(moved.done, before.length);

            assert.deepEqual(await whose(`{and:[{${his}},{status:{neq:"DONE"}}]}`), []);
            assert.deepEqual(sorted(await whose(`{${his}}`)), sorted(done), 'what is done stays his');
            const hers = new Set(await whose('{assignee:{name:{lastName:{eq:"Sorel"}}}}'));
            assert.ok(before.every((id) => hers.has(id)));
        },
    },
    importJob,
    {
        ask: 'What changed on Beacon Materials in the last week?',
        calls: 1, tokens: 400,
        async run({ find, graphql }) {
            const [{ id }] = await all(graphql, 'companies', '{name:{eq:"Beacon Materials"}}', 'id');
            const [other] = await all(graphql, 'companies', '{name:{neq:"Beacon Materials"}}', 'id');
            const entry = (company, days, after) => graphql(
                'mutation($d:TimelineActivityCreateInput!){createTimelineActivity(data:$d){id}}', {
                    d: {
                        name: 'company.updated', happensAt: ago(days), targetCompanyId: company, linkedRecordId: company,
                        properties: { diff: { employees: { before: 41, after } }, updatedFields: ['employees'] },
                    },
                });
            await entry(id, 2, 57);
            await entry(id, 20, 41);
            await entry(other.id, 2, 99);

            const since = ago(7).slice(0, 10); // before the call, which may be after midnight
            const changes = await find('timelineActivity', {
                filter: { targetCompany: { name: { eq: 'Beacon Materials' } }, happensAt: { gte: '-7d' } },
            });
            const expected = await all(graphql, 'timelineActivities',
                `{and:[{targetCompanyId:{eq:"${id}"}},{happensAt:{gte:"${since}"}}]}`, 'id');
            assert.deepEqual(sorted(column(changes, 'id')), sorted(expected.map((one) => one.id)));
            assert.match(JSON.stringify(changes.rows), /employees.*41.*57/, 'what changed is shown unasked');
        },
    },
    {
        ask: 'Pipeline by stage and month, in dollars',
        calls: 1, tokens: 600,
        async run({ count, graphql }) {
            const today = new Date().toISOString().slice(0, 10);
            const table = await count('opportunity', {
                filter: { amount: { currencyCode: { eq: 'USD' } }, closeDate: { gte: 'today' } },
                groupBy: [{ field: 'stage' }, { field: 'closeDate', granularity: 'MONTH' }],
                measures: [{ function: 'sum', field: 'amount' }], limit: 200,
            });
            const deals = await all(graphql, 'opportunities',
                `{and:[{amount:{currencyCode:{eq:"USD"}}},{closeDate:{gte:"${today}"}}]}`,
                'stage closeDate amount{amountMicros}');
            const expected = sums(deals, (deal) => `${deal.stage} ${deal.closeDate.slice(0, 7)}`);
            const shown = new Map(table.rows.map(([stage, month, sum]) => [`${stage} ${month.slice(0, 7)}`, Number(sum)]));
            assert.ok(expected.size > 8);
            assert.deepEqual(shown, new Map([...shown.keys()].map((key) => [key, expected.get(key)])));
            assert.equal(shown.size, expected.size);
        },
    },
    {
        ask: 'Top five accounts by open amount in dollars',
        calls: 1, tokens: 400,
        async run({ count, graphql }) {
            const top = await count('opportunity', {
                filter: { stage: { neq: 'CUSTOMER' }, amount: { currencyCode: { eq: 'USD' } }, companyId: { is: 'NOT_NULL' } },
                groupBy: [{ field: 'company' }], measures: [{ function: 'sum', field: 'amount' }], limit: 5,
            });
            const deals = await all(graphql, 'opportunities',
                `{and:[{${open}},{amount:{currencyCode:{eq:"USD"}}},{companyId:{is:NOT_NULL}}]}`,
                'company{id name} amount{amountMicros}');
            const names = new Map(deals.map(({ company }) => [company.id, company.name]));
            const expected = [...sums(deals, (deal) => deal.company.id)].sort((a, b) => b[1] - a[1]).slice(0, 5);
            assert.deepEqual(top.rows.map(([id, name, sum]) => [id, name, Number(sum)]),
                expected.map(([id, sum]) => [id, names.get(id), sum]));
        },
    },
    {
        ask: 'All about a company before a meeting, with its mails and meetings',
        calls: 2, tokens: 1_800,
        async run({ one, call, graphql }) {
            const who = 'person{company{id name}}';
            const mails = await all(graphql, 'messageParticipants', '{personId:{is:NOT_NULL}}', `messageId ${who}`);
            const meetings = await all(graphql, 'calendarEventParticipants', '{personId:{is:NOT_NULL}}',
                `calendarEventId ${who}`);
            const of = (rows, id) => rows.filter(({ person }) => person?.company?.id === id);
            const company = meetings.map(({ person }) => person?.company).find((c) => c && of(mails, c.id).length > 0);
            assert.ok(company, 'the sample has a company with mails and meetings');

            const id = await one('company', company.name);
            const { record } = await call('get_record', {
                objectName: 'company', id,
                include: ['people', 'opportunities', 'notes', 'tasks', 'mails', 'meetings', 'timeline'],
            });
            const ids = (list) => sorted(list.map((item) => item.id));
            const expected = async (root, column_) =>
                ids(await all(graphql, root, `{${column_}:{eq:"${company.id}"}}`, 'id'));
            assert.equal(record.id, company.id);
            assert.deepEqual(ids(record.mails), sorted(of(mails, id).map((row) => row.messageId)));
            assert.deepEqual(ids(record.meetings), sorted(of(meetings, id).map((row) => row.calendarEventId)));
            assert.deepEqual(ids(record.people), await expected('people', 'companyId'));
            assert.deepEqual(ids(record.opportunities), await expected('opportunities', 'companyId'));
            for (const [name, root, join] of [['notes', 'noteTargets', 'noteId'], ['tasks', 'taskTargets', 'taskId']]) {
                const rows = await all(graphql, root, `{targetCompanyId:{eq:"${company.id}"}}`, join);
                assert.deepEqual(ids(record[name]), sorted(rows.map((row) => row[join])));
            }
        },
    },
    {
        ask: 'Remove the phone number of anselm.dubois@flint-biotech.example',
        calls: 1, tokens: 350,
        async run({ call, graphql }) {
            const person = async () => (await all(graphql, 'people',
                '{emails:{primaryEmail:{eq:"anselm.dubois@flint-biotech.example"}}}',
                'id jobTitle phones{primaryPhoneNumber primaryPhoneCallingCode primaryPhoneCountryCode additionalPhones}'))[0];
            const before = await person();
            assert.notEqual(before.phones.primaryPhoneNumber, '');
            const { updated, record } = await call('update_record', {
                objectName: 'person', upsertBy: 'emails',
                data: { emails: 'Anselm.Dubois@Flint-Biotech.example', phones: null },
            });
            assert.deepEqual([updated, record.phones], [true, null]);
            const empty = { primaryPhoneNumber: '', primaryPhoneCallingCode: '', primaryPhoneCountryCode: '', additionalPhones: [] };
            assert.deepEqual(await person(), { ...before, phones: empty });
        },
    },
    {
        ask: 'Who is this note about?',
        calls: 1, tokens: 350,
        async run({ call }) {
            const { record } = await call('get_record', { objectName: 'note', id: note.id, include: ['targets'] });
            assert.deepEqual(record.targets, [{ object: 'opportunity', id: note.deal.id, label: note.deal.name }]);
        },
    },
];
