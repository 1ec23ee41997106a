// The import of a list in which some are known already, each in another way.
import assert from 'node:assert/strict';

const spelledApart = (number) => number.replace(/^(\d{3})/, '$1 ');

export const importJob = {
    ask: 'Import 10 companies and 40 leads of a list, some of which are known or on it twice',
    calls: 2, tokens: 7_000,
    async run({ call, graphql }) {
        const nodes = async (query, variables) =>
            Object.values(await graphql(query, variables))[0].edges.map(({ node }) => node);
        const deletedToo = 'or:[{deletedAt:{is:NULL}},{deletedAt:{is:NOT_NULL}}]';
        const everybody = () => nodes(`{people(filter:{${deletedToo}},first:5000){edges{node{
            id deletedAt name{firstName lastName} jobTitle company{name} emails{primaryEmail additionalEmails}
            phones{primaryPhoneNumber primaryPhoneCallingCode additionalPhones}}}}}`);
        const companies = () => nodes(`{companies(filter:{${deletedToo}},first:5000){edges{node{
            id deletedAt name employees domainName{primaryLinkUrl}}}}}`);

        // Who is known: one for each trap. Nobody is in two of them.
        const before = { people: await everybody(), companies: await companies() };
        const [byCase, byAdditional, byPhone, deletedPerson] = before.people.filter((person) => !person.deletedAt
            && person.emails.primaryEmail && person.emails.additionalEmails.length === 0
            && person.phones.primaryPhoneNumber && person.company);
        const [byUrl, byLetters, deletedCompany] = before.companies.filter((company) => !company.deletedAt);
        const second = 'second.address@mail.example';
        await graphql('mutation($id:UUID!,$d:PersonUpdateInput!){updatePerson(id:$id,data:$d){id}}',
            { id: byAdditional.id, d: { emails: { additionalEmails: [second] } } });
        await graphql('mutation($id:UUID!){deletePerson(id:$id){id}}', { id: deletedPerson.id });
        await graphql('mutation($id:UUID!){deleteCompany(id:$id){id}}', { id: deletedCompany.id });
        const domain = (company) => company.domainName.primaryLinkUrl;

        const fresh = Array.from({ length: 6 }, (_, i) => ({
            name: `Orrery ${'Abcdef'[i]}`, domainName: `orrery-${i}.example`, employees: 10 + i,
        }));
        const listed = [
            { name: byUrl.name, domainName: `https://www.${domain(byUrl)}/`, employees: 4711 },
            { name: byLetters.name, domainName: domain(byLetters).toUpperCase(), employees: 4712 },
            { name: deletedCompany.name, domainName: domain(deletedCompany), employees: 4713 },
            ...fresh,
            { name: `${fresh[5].name} Inc.`, domainName: `http://${fresh[5].domainName}/`, employees: 1 },
        ];
        const leads = Array.from({ length: 35 }, (_, i) => ({
            name: `Lead${i} Orrery`, emails: `lead${i}@${fresh[i % 6].domainName}`, jobTitle: 'Buyer',
            companyId: fresh[i % 6].name,
        }));
        const { primaryPhoneCallingCode: code, primaryPhoneNumber: number } = byPhone.phones;
        const people = [
            { emails: byCase.emails.primaryEmail.toUpperCase(), jobTitle: 'By case' },
            { emails: second, jobTitle: 'By additional' },
            { emails: byPhone.emails.primaryEmail, phones: `00${code.slice(1)} ${spelledApart(number)}`, jobTitle: 'By phone' },
            { emails: deletedPerson.emails.primaryEmail, jobTitle: 'Deleted' },
            ...leads,
            { name: 'L. Orrery', emails: leads[34].emails.toUpperCase(), jobTitle: 'Twin' },
        ];
        assert.deepEqual([listed.length, people.length], [10, 40]);

        const outcomes = ({ results }) => results.map(({ outcome }) => outcome);
        const first = await call('update_record', { objectName: 'company', upsertBy: 'domainName', records: listed });
        const then = await call('update_record', { objectName: 'person', upsertBy: 'emails', records: people });

        const many = (outcome, n) => Array.from({ length: n }, () => outcome);
        assert.deepEqual(outcomes(first), [...many('updated', 2), 'failed', ...many('created', 6), 'failed']);
        assert.deepEqual(outcomes(then), [...many('updated', 3), 'failed', ...many('created', 35), 'failed']);
        assert.equal(first.results[2].error.existing.id, deletedCompany.id);
        assert.equal(then.results[3].error.existing.id, deletedPerson.id);
        assert.match(first.results[9].error.message, /^records\[8\] has the same domainName/);
        assert.match(then.results[39].error.message, /^records\[38\] has the same emails/);

        // Nobody doubled, nobody brought back, and each of the known ones changed as it was meant.
        const after = { people: await everybody(), companies: await companies() };
        assert.equal(after.companies.length, before.companies.length + 6);
        assert.equal(after.people.length, before.people.length + 35);
        const company = (id) => after.companies.find((one) => one.id === id);
        const person = (id) => after.people.find((one) => one.id === id);
        assert.deepEqual([byUrl, byLetters].map(({ id }) => company(id).employees), [4711, 4712]);
        assert.deepEqual([byCase, byAdditional, byPhone].map(({ id }) => person(id).jobTitle),
            ['By case', 'By additional', 'By phone']);
        assert.ok(company(deletedCompany.id).deletedAt && person(deletedPerson.id).deletedAt);
        assert.equal(person(byAdditional.id).emails.primaryEmail, byAdditional.emails.primaryEmail);
        assert.deepEqual(person(byPhone.id).phones, byPhone.phones, 'the same number is not a second one');
        const orrery = after.people.filter(({ emails }) => /@orrery-\d/.test(emails.primaryEmail));
        assert.equal(orrery.length, 35);
        assert.ok(orrery.every(({ company: at, emails }) =>
            at.name === fresh[Number(emails.primaryEmail.match(/orrery-(\d)/)[1])].name));
    },
};
