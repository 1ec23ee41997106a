// What people ask of a CRM, each carried out as a model would: by name first, ids only where a
// tool gave one. A job is {ask, run}, perhaps with a budget of its own {calls, tokens} and calendar,
// where the day of the year decides how much there is. run() gets a desk (call, find, search, one)
// and checks what it found or changed. Jobs run in this order on one workspace.
import assert from 'node:assert/strict';
import { daily } from './daily_jobs.mjs';

const day = 86_400_000;
const date = (days) => new Date(Date.now() + days * day).toISOString().slice(0, 10);
const open = 'not(stage[eq]:CUSTOMER)';

const column = ({ columns, rows }, name) => rows.map((row) => row[columns.indexOf(name)]);
const some = (table) => assert.ok(table.rows.length > 0, `something was found: ${JSON.stringify(table)}`);
const rising = (values) => values.every((value, i) => i === 0 || values[i - 1] <= value);

// -- Find --------------------------------------------------------------------------------------

const find = [
    {
        ask: 'Who works at Flint Biotech?',
        async run({ one, find }) {
            const people = await find('person', {
                filter: { companyId: { eq: await one('company', 'Flint Biotech') } },
                fields: ['name', 'jobTitle', 'emails.primaryEmail'],
            });
            some(people);
        },
    },
    {
        ask: 'What do we know about Elif Chaudhry?',
        async run({ one, call }) {
            const id = await one('person', 'Elif Chaudhry');
            const { record } = await call('get_record', { objectName: 'person', id, depth: 1 });
            assert.equal(record.name.lastName, 'Chaudhry');
        },
    },
    {
        ask: 'Whose address is anselm.dubois@flint-biotech.example?',
        async run({ find }) {
            const { rows } = await find('person', {
                filter: 'emails.primaryEmail[ilike]:anselm.dubois@flint-biotech.example',
                fields: ['name', 'company'],
            });
            assert.equal(rows.length, 1);
        },
    },
    {
        ask: 'Our ten largest customers by employees',
        async run({ find }) {
            const list = await find('company', {
                filter: 'employees[gt]:1000', orderBy: 'employees[DescNullsLast]', limit: 10,
                fields: ['name', 'employees', 'accountOwner'],
            });
            assert.ok(rising(column(list, 'employees').reverse()));
        },
    },
    {
        ask: 'Companies without an account owner',
        async run({ find }) {
            some(await find('company', { filter: 'accountOwner[is]:NULL', fields: ['name'] }));
        },
    },
    {
        ask: 'Open deals that close within 30 days',
        async run({ find }) {
            const deals = await find('opportunity', {
                filter: `closeDate[gte]:${date(0)},closeDate[lt]:${date(30)},${open}`,
                orderBy: 'closeDate', fields: ['name', 'amount', 'stage', 'closeDate', 'owner'],
            });
            some(deals);
            assert.ok(rising(column(deals, 'closeDate')));
        },
    },
    {
        ask: 'Open deals whose close date has passed',
        async run({ find }) {
            await find('opportunity', {
                filter: `closeDate[lt]:${date(0)},${open}`, fields: ['name', 'closeDate', 'company'],
            });
        },
    },
    {
        ask: "Callum Reyes' open tasks",
        async run({ member, find }) {
            some(await find('task', {
                filter: { assigneeId: { eq: await member('Reyes') }, status: { neq: 'DONE' } },
                orderBy: 'dueAt', fields: ['title', 'status', 'dueAt'],
            }));
        },
    },
    {
        ask: 'The latest notes about companies',
        async run({ find }) {
            const links = await find('noteTarget', {
                filter: 'targetCompanyId[is]:NOT_NULL', orderBy: 'createdAt[DescNullsLast]', limit: 5,
                fields: ['targetCompany', 'note'],
            });
            some(links);
        },
    },
    {
        ask: 'Chief executives at analytics companies',
        async run({ find }) {
            some(await find('person', {
                filter: 'jobTitle[ilike]:%chief%,company.name[ilike]:%analytics%',
                fields: ['name', 'jobTitle', 'company'],
            }));
        },
    },
    {
        ask: 'Contacts added in the last two weeks',
        async run({ find }) {
            await find('person', {
                filter: `createdAt[gte]:${date(-14)}`, limit: 10, orderBy: 'createdAt[DescNullsLast]',
                fields: ['name', 'company', 'createdAt'],
            });
        },
    },
    {
        ask: 'Which rockets are on the pad?',
        async run({ call, find }) {
            const { fields } = await call('describe_object', { objectName: 'rocket' });
            assert.ok(fields.find(({ name }) => name === 'status').options.includes('ON_PAD'));
            some(await find('rocket', { filter: { status: { eq: 'ON_PAD' } } }));
        },
    },
    {
        ask: 'The five deals of our view "Closing soon" that come first',
        async run({ find, graphql }) {
            const seen = await find('opportunity', { view: 'Closing soon', limit: 5 });
            // The next 30 days of a view begin tomorrow.
            const { opportunities } = await graphql(`{opportunities(first:5,orderBy:[{closeDate:AscNullsLast}],
                filter:{and:[{closeDate:{gte:"${date(1)}"}},{stage:{neq:"CUSTOMER"}}]}){edges{node{id}}}}`);
            assert.deepEqual(column(seen, 'id'), opportunities.edges.map(({ node }) => node.id));
        },
    },
    {
        ask: 'All open deals, page by page',
        async run({ find }) {
            const seen = new Set();
            let total;
            let cursor;
            do {
                const page = await find('opportunity', {
                    filter: open, orderBy: 'amount.amountMicros[DescNullsLast]', limit: 100,
                    fields: ['name', 'amount.amount'], ...(cursor && { cursor }),
                });
                column(page, 'id').forEach((id) => seen.add(id));
                ({ total, cursor } = page);
            } while (cursor);
            assert.equal(seen.size, total);
        },
    },
];

// -- Compare and count -------------------------------------------------------------------------

const compare = [
    {
        ask: 'Compare Glacier Logistics with Drift Broadcasting',
        async run({ one, find }) {
            const ids = [await one('company', 'Glacier Logistics'), await one('company', 'Drift Broadcasting')];
            assert.equal((await find('company', { filter: { id: { in: ids } } })).rows.length, 2);
        },
    },
    {
        ask: 'In which countries are our companies?',
        async run({ count }) {
            some(await count('company', { groupBy: [{ field: 'address.addressCountry' }] }));
        },
    },
    {
        ask: 'Average and largest deal by stage',
        async run({ count }) {
            const table = await count('opportunity', {
                groupBy: [{ field: 'stage' }],
                measures: [{ function: 'avg', field: 'amount' }, { function: 'max', field: 'amount' }],
            });
            assert.equal(table.rows.length, 5);
        },
    },
    {
        ask: "Each owner's open pipeline",
        async run({ count }) {
            some(await count('opportunity', {
                filter: open, groupBy: [{ field: 'owner' }],
                measures: [{ function: 'count' }, { function: 'sum', field: 'amount' }],
            }));
        },
    },
    {
        ask: 'Pipeline by stage and currency',
        async run({ count }) {
            some(await count('opportunity', {
                groupBy: [{ field: 'stage' }, { field: 'amount.currencyCode' }],
                measures: [{ function: 'sum', field: 'amount' }],
            }));
        },
    },
    {
        ask: 'How many companies does each account owner look after?',
        async run({ count }) {
            const { columns, rows } = await count('company', { groupBy: [{ field: 'accountOwner' }] });
            assert.ok(rows.some((row) => row[columns.indexOf('accountOwner.label')] === 'Tobias Arden'));
        },
    },
    {
        ask: 'How many contacts have no e-mail address?',
        async run({ count }) {
            const { rows } = await count('person', { filter: 'emails.primaryEmail[is]:NULL' });
            assert.ok(rows[0][0] > 0);
        },
    },
    {
        ask: 'New deals each month of the last half year',
        async run({ count }) {
            some(await count('opportunity', {
                filter: `createdAt[gte]:${date(-182)}`,
                groupBy: [{ field: 'createdAt', granularity: 'MONTH' }],
                measures: [{ function: 'count' }, { function: 'sum', field: 'amount' }],
            }));
        },
    },
    {
        ask: 'Overdue tasks by assignee',
        async run({ count }) {
            some(await count('task', {
                filter: `dueAt[lt]:${date(0)},status[neq]:DONE`, groupBy: [{ field: 'assignee' }],
            }));
        },
    },
    {
        ask: 'The weekly numbers: new companies, contacts and deals, and the pipeline',
        async run({ count }) {
            const filter = `createdAt[gte]:${date(-7)}`;
            for (const object of ['company', 'person', 'opportunity']) {
                assert.equal((await count(object, { filter })).rows.length, 1);
            }
            some(await count('opportunity', {
                filter: open, groupBy: [{ field: 'stage' }],
                measures: [{ function: 'count' }, { function: 'sum', field: 'amount' }],
            }));
        },
    },
    {
        ask: 'Deals won in the last quarter against the one before',
        async run({ count }) {
            for (const [from, to] of [[-91, 0], [-182, -91]]) {
                await count('opportunity', {
                    filter: `stage[eq]:CUSTOMER,closeDate[gte]:${date(from)},closeDate[lt]:${date(to)}`,
                    measures: [{ function: 'count' }, { function: 'sum', field: 'amount' }],
                });
            }
        },
    },
];

// -- Change ------------------------------------------------------------------------------------

const change = [
    {
        ask: 'Elif Chaudhry is now VP Operations',
        async run({ one, update }) {
            const record = await update('person', await one('person', 'Elif Chaudhry'),
                { jobTitle: 'VP Operations' });
            assert.equal(record.jobTitle, 'VP Operations');
        },
    },
    {
        ask: "Correct Elif Chaudhry's e-mail address",
        async run({ one, update }) {
            const record = await update('person', await one('person', 'Elif Chaudhry'),
                { emails: { primaryEmail: 'elif@willow-imaging.example' } });
            assert.equal(record.emails.primaryEmail, 'elif@willow-imaging.example');
        },
    },
    {
        ask: 'Glacier Logistics has 500 employees now',
        async run({ one, update }) {
            const record = await update('company', await one('company', 'Glacier Logistics'),
                { employees: 500 });
            assert.equal(record.employees, 500);
        },
    },
    {
        ask: 'Move the deployment campaign of Glacier Logistics to Proposal',
        async run({ one, update }) {
            const record = await update('opportunity',
                await one('opportunity', 'Glacier Logistics: deployment campaign'),
                { stage: 'PROPOSAL' });
            assert.equal(record.stage, 'PROPOSAL');
        },
    },
    {
        ask: 'That deal closes in two months, at 1.2 million euros',
        async run({ one, update }) {
            const record = await update('opportunity',
                await one('opportunity', 'Glacier Logistics: deployment campaign'),
                {
                    closeDate: `${date(60)}T10:00:00Z`,
                    amount: { amountMicros: 1_200_000_000_000, currencyCode: 'EUR' },
                });
            assert.equal(record.amount.amount, 1_200_000);
        },
    },
    {
        ask: 'Nadia Sorel takes over Drift Broadcasting',
        async run({ one, member, update }) {
            const owner = await member('Sorel');
            const record = await update('company', await one('company', 'Drift Broadcasting'),
                { accountOwnerId: owner });
            assert.equal(record.accountOwnerId ?? record.accountOwner?.id, owner);
        },
    },
    {
        ask: "Callum Reyes' most urgent task is done",
        async run({ member, find, update }) {
            const tasks = await find('task', {
                filter: { assigneeId: { eq: await member('Reyes') }, status: { neq: 'DONE' } },
                orderBy: 'dueAt', limit: 1, fields: ['title'],
            });
            assert.equal((await update('task', column(tasks, 'id')[0], { status: 'DONE' })).status, 'DONE');
        },
    },
    {
        ask: 'Elif Chaudhry has moved to Glacier Logistics',
        async run({ one, update }) {
            const company = await one('company', 'Glacier Logistics');
            const record = await update('person', await one('person', 'Elif Chaudhry'), { companyId: company });
            assert.equal(record.companyId ?? record.company?.id, company);
        },
    },
    {
        ask: 'Add Ada Byron, CTO at Glacier Logistics',
        async run({ one, create }) {
            await create('person', {
                name: { firstName: 'Ada', lastName: 'Byron' }, jobTitle: 'CTO',
                emails: { primaryEmail: 'ada.byron@glacier.example' },
                companyId: await one('company', 'Glacier Logistics'),
            });
        },
    },
    {
        ask: 'Add Ada Byron once more: the CRM has her, so only the phone is added',
        async run({ refused, update }) {
            const { error } = await refused('create_record', {
                objectName: 'person', data: { emails: { primaryEmail: 'ada.byron@glacier.example' } },
            });
            assert.equal(error.code, 'conflict');
            const record = await update('person', error.existing.id, {
                phones: { primaryPhoneCallingCode: '+44', primaryPhoneNumber: '2079460018' },
            });
            assert.equal(record.phones.primaryPhoneNumber, '2079460018');
        },
    },
    {
        ask: 'A new deal with Glacier Logistics, contact Ada Byron',
        async run({ one, create }) {
            await create('opportunity', {
                name: 'Glacier: rideshare', stage: 'NEW',
                amount: { amountMicros: 250_000_000_000, currencyCode: 'EUR' },
                companyId: await one('company', 'Glacier Logistics'),
                pointOfContactId: await one('person', 'Ada Byron'),
            });
        },
    },
    {
        ask: "Log a note about today's call to Glacier Logistics",
        async run({ one, create }) {
            const targetCompanyId = await one('company', 'Glacier Logistics');
            const { id: noteId } = await create('note', {
                title: 'Call', bodyV2: { markdown: 'They want a **rideshare** in spring.' },
            });
            await create('noteTarget', { noteId, targetCompanyId });
        },
    },
    {
        ask: 'Log a meeting note to Ada Byron and her deal',
        async run({ one, create }) {
            const targetPersonId = await one('person', 'Ada Byron');
            const targetOpportunityId = await one('opportunity', 'Glacier: rideshare');
            const { id: noteId } = await create('note', { title: 'Meeting', bodyV2: { markdown: 'Agreed.' } });
            await create('noteTarget', { noteId, targetPersonId });
            await create('noteTarget', { noteId, targetOpportunityId });
        },
    },
    {
        ask: 'Remind Nadia Sorel in a week to send the rideshare offer',
        async run({ one, member, create }) {
            const targetOpportunityId = await one('opportunity', 'Glacier: rideshare');
            const { id: taskId } = await create('task', {
                title: 'Send the offer', dueAt: `${date(7)}T09:00:00Z`, assigneeId: await member('Sorel'),
            });
            await create('taskTarget', { taskId, targetOpportunityId });
        },
    },
    {
        ask: 'Delete the rideshare deal, and bring it back after all',
        async run({ one, call }) {
            const args = { objectName: 'opportunity', id: await one('opportunity', 'Glacier: rideshare') };
            assert.equal((await call('delete_record', args)).deleted, true);
            assert.equal((await call('restore_record', args)).restored, true);
        },
    },
    {
        ask: 'Brief me on Glacier Logistics: people, deals, notes',
        async run({ one, call, find }) {
            const id = await one('company', 'Glacier Logistics');
            const { record } = await call('get_record', { objectName: 'company', id, depth: 1 });
            assert.ok(record.people && record.opportunities && record.notes, Object.keys(record).join());
            some(await find('opportunity', { filter: { companyId: { eq: id } } }));
        },
    },
];

export const groups = [
    ['Find', find], ['Compare and count', compare], ['Change', change], ['Ten jobs of a day', daily],
];
