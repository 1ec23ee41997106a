// One documented call of every tool (what is required, and the optional arguments that are most
// used) and one answer.
const id = '20202020-0b5c-4178-bed7-d371f6411eaa';
const stored = { object: 'company', id, record: { id, name: 'Acme', employees: 7 } };
const table = { columns: ['id', 'name'], rows: [[id, 'Acme'], [id, null]] };

export const examples = {
    list_objects: {
        input: {},
        output: { workspace: 'Acme', mode: 'write', ...table, systemObjects: ['attachment'] },
    },
    describe_object: {
        input: { objectName: 'person' },
        output: {
            object: 'person', plural: 'people', labelField: 'name',
            fields: [{ name: 'name', type: 'FULL_NAME' }], exampleData: { jobTitle: 'Engineer' },
        },
    },
    find_records: {
        input: {
            objectName: 'person', filter: 'name.firstName[ilike]:%jo%,createdAt[gte]:-30d',
            orderBy: 'createdAt[DescNullsLast]', fields: ['name', 'emails.primaryEmail'],
            limit: 20, search: 'jo', countOnly: false, detail: 'full', depth: 1,
        },
        output: { object: 'person', total: 2, ...table },
    },
    get_record: {
        input: {
            objectName: 'company', id, fields: ['name'], include: ['notes', 'tasks'], depth: 1,
            offset: 0,
        },
        output: {
            object: 'company', label: 'Acme', record: { id }, url: 'https://crm.example.com',
        },
    },
    search_records: {
        input: { query: 'acme', objects: ['company', 'person'], limit: 20 },
        output: { count: 2, ...table },
    },
    aggregate_records: {
        input: {
            objectName: 'opportunity', filter: 'stage[neq]:LOST',
            measures: [{ function: 'count' }, { function: 'sum', field: 'amount' }],
            groupBy: [{ field: 'stage' }, { field: 'createdAt', granularity: 'WEEK' }],
            orderBy: 'sum(amount) desc', limit: 50, timeZone: 'UTC',
        },
        output: { columns: ['stage', 'sum(amount)'], rows: [['NEW', 12.5], [null, 0]] },
    },
    create_record: {
        input: {
            objectName: 'note', data: { title: 'Call', bodyV2: { markdown: 'Said *yes*.' } },
            about: [{ object: 'company', name: 'Acme' }],
        },
        output: { object: 'company', results: [{ id }] },
    },
    update_record: {
        input: {
            objectName: 'person', upsertBy: 'emails', replace: true,
            data: { emails: { primaryEmail: 'jo@example.com' }, jobTitle: null },
        },
        output: stored,
    },
    delete_record: { input: { objectName: 'company', ids: [id] }, output: stored },
    restore_record: { input: { objectName: 'company', id }, output: stored },
    run_graphql: {
        input: {
            endpoint: 'graphql', query: 'query($n: Int) { companies(first: $n) { totalCount } }',
            variables: { n: 2 },
        },
        output: { data: { companies: { totalCount: 2 } }, errors: [{ message: 'partly' }] },
    },
    run_graphql_mutation: {
        input: {
            endpoint: 'graphql',
            query: 'mutation($id: UUID!) { deleteCompany(id: $id) { id } }', variables: { id },
        },
        output: { data: { deleteCompany: { id } } },
    },
    get_primer: { input: {}, output: { primer: '# Acme' } },
};
