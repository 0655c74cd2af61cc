/* Attestations (身份核验): what each department's own register says of a person. */
#include "cli/campaign/reader.h"

enum { DEPARTMENT, ID_NUMBER, GROUP, HOLDS };

static const struct column columns[] = {
    [DEPARTMENT] = {"department", "部门", true},
    [ID_NUMBER] = {"id_number", "身份证号", true},
    [GROUP] = {"group", "人员类别", true},
    [HOLDS] = {"holds", "是否属实", true},
};

static void
use(const struct row *row)
{
    struct campaign *c = row->reader->campaign;
    struct campaign_attestation attestation = {.line = row->line};
    struct campaign_person *person;
    char id[CITIZEN_TEXT];
    int department, group;

    if (!cell_word(row, DEPARTMENT, &words_departments, &department) || !cell_citizen(row, ID_NUMBER, id) ||
        !cell_word(row, GROUP, &words_groups, &group) || !cell_truth(row, HOLDS, &attestation.holds))
        return;
    if (word_keeper(group) != department) {
        reject(row, DEPARTMENT, "the department does not keep that group's register 该部门不掌握此类人员信息",
               row->cells[DEPARTMENT]);
        return;
    }
    attestation.person = person_enter(row->reader, id);
    attestation.department = (uint8_t)department;
    attestation.group = (uint8_t)group;
    person = &c->people[attestation.person];
    if (attestation.holds)
        person->attested_true = (uint16_t)(person->attested_true | 1u << group);
    else
        person->attested_false = (uint16_t)(person->attested_false | 1u << group);
    APPEND(c->attestations, attestation);
}

const struct sheet attestations_sheet = {
    .name = "attestations.csv", .columns = columns, .columns_count = sizeof(columns) / sizeof(columns[0]), .use = use};

enum campaign_register
campaign_attested(const struct campaign *c, uint32_t person, int group)
{
    const struct campaign_person *of = &c->people[person];

    if (of->attested_false >> group & 1)
        return CAMPAIGN_DOES_NOT_HOLD;
    return of->attested_true >> group & 1 ? CAMPAIGN_HOLDS : CAMPAIGN_NO_ROW;
}

uint16_t
campaign_attested_groups(const struct campaign *c, uint32_t row)
{
    const struct campaign_person *of = &c->people[c->roster[row].person];

    return (uint16_t)(c->roster[row].groups & of->attested_true & ~of->attested_false);
}
