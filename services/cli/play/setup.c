/* Before the first day: what the departments decide once. */
#include "cli/play/play.h"

#include <stdlib.h>
#include <string.h>

#include "jineng/v1/enrollment.pb-c.h"
#include "jineng/v1/notification.pb-c.h"
#include "jineng/v1/subsidy.pb-c.h"

/* 2199-12-31: a designation without an end. */
#define OPEN_END_DAY 84005

/* Which rows of an array a part covers. */
static size_t
part_of(uint32_t part, size_t count, size_t *first)
{
    *first = (size_t)part * PLAY_ROWS;
    return *first >= count ? 0 : count - *first < PLAY_ROWS ? count - *first : PLAY_ROWS;
}

#define FOR_ROWS(message, list, counter, Row, init_row, total)                                                         \
    size_t first, rows = part_of(part, (total), &first);                                                               \
    (message)->counter = rows;                                                                                         \
    (message)->list = play_take(play, rows * sizeof(*(message)->list));                                                \
    for (size_t i = 0; i < rows; i++) {                                                                                \
        (message)->list[i] = play_take(play, sizeof(Row));                                                             \
        init_row((message)->list[i]);                                                                                  \
    }

static const void *
build_divisions(struct play *play, uint64_t index, uint32_t part)
{
    Enrollment__SetDivisions *message = play_take(play, sizeof(*message));
    const struct campaign *c = play->campaign;

    (void)index;
    enrollment__set_divisions__init(message);
    FOR_ROWS(message, rows, n_rows, Enrollment__Division, enrollment__division__init, c->divisions_count);
    for (size_t i = 0; i < rows; i++) {
        const struct campaign_division *division = &c->divisions[first + i];
        Enrollment__Division *row = message->rows[i];

        row->code = division->code;
        row->name = play_text(division->name && *division->name ? division->name : "石家庄市");
        row->province_administered = division->province_administered;
        row->target_2019 = division->targets[0];
        row->target_2020 = division->targets[1];
        row->target_2021 = division->targets[2];
    }
    return message;
}

static void
fill_certifies(struct play *play, const struct campaign_institution *from, Enrollment__Institution *row)
{
    row->certifies = play_take(play, from->certifies_count * sizeof(*row->certifies));
    for (uint32_t i = 0; i < from->certifies_count && row->n_certifies < 64; i++) {
        uint32_t number = play->campaign->certifies[from->certifies_first + i];

        row->certifies[row->n_certifies++] = jn_arena_print(&play->arena, "%u-%02u-%02u-%02u", number / 1000000,
                                                            number / 10000 % 100, number / 100 % 100, number % 100);
    }
}

static const void *
build_institutions(struct play *play, uint64_t index, uint32_t part)
{
    Enrollment__DesignateInstitutions *message = play_take(play, sizeof(*message));
    const struct campaign *c = play->campaign;

    (void)index;
    enrollment__designate_institutions__init(message);
    FOR_ROWS(message, rows, n_rows, Enrollment__Institution, enrollment__institution__init, c->institutions_count);
    for (size_t i = 0; i < rows; i++) {
        const struct campaign_institution *from = &c->institutions[first + i];
        Enrollment__Institution *row = message->rows[i];

        row->uscc = play_text(from->code);
        row->name = play_text(from->name);
        row->kind = (Common__InstitutionKind)from->kind;
        row->division = c->divisions[from->division].code;
        row->insured = from->insured;
        row->designated_from_day = from->designated_from_day == INT32_MAX ? 0 : from->designated_from_day;
        row->designated_to_day = from->designated_to_day == INT32_MAX ? OPEN_END_DAY : from->designated_to_day;
        row->account = play_text(from->account);
        row->bank = play_text(from->bank);
        fill_certifies(play, from, row);
    }
    return message;
}

static const void *
build_projects(struct play *play, uint64_t index, uint32_t part)
{
    Enrollment__ListProjects *message = play_take(play, sizeof(*message));
    const struct campaign *c = play->campaign;

    (void)index;
    enrollment__list_projects__init(message);
    FOR_ROWS(message, rows, n_rows, Enrollment__Project, enrollment__project__init, c->projects_count);
    for (size_t i = 0; i < rows; i++) {
        const struct campaign_project *from = &c->projects[first + i];
        Enrollment__Project *row = message->rows[i];

        row->code = play_text(from->code);
        row->name = play_text(from->name);
        row->occupation = play_text(from->occupation);
        row->level = (uint32_t)from->level;
        row->hours = from->hours;
        row->urgent = from->urgent;
    }
    return message;
}

static const void *
build_history(struct play *play, uint64_t index, uint32_t part)
{
    Enrollment__ImportHistory *message = play_take(play, sizeof(*message));
    const struct campaign *c = play->campaign;

    (void)index;
    enrollment__import_history__init(message);
    FOR_ROWS(message, rows, n_rows, Enrollment__HistoryRow, enrollment__history_row__init, c->history_count);
    for (size_t i = 0; i < rows; i++) {
        const struct campaign_paid *from = &c->history[first + i];
        Enrollment__HistoryRow *row = message->rows[i];

        row->id_number = play_text(c->people[from->person].id);
        row->item = (Common__Item)from->item;
        row->day = from->day;
        row->occupation = play_text(from->occupation);
        row->level = (uint32_t)from->level;
        row->months = from->months;
        row->amount_fen = from->amount_fen;
    }
    return message;
}

static const void *
build_enterprise_history(struct play *play, uint64_t index, uint32_t part)
{
    Enrollment__ImportEnterpriseHistory *message = play_take(play, sizeof(*message));
    const struct campaign *c = play->campaign;

    (void)index;
    enrollment__import_enterprise_history__init(message);
    FOR_ROWS(message, rows, n_rows, Enrollment__EnterpriseHistoryRow, enrollment__enterprise_history_row__init,
             c->enterprise_history_count);
    for (size_t i = 0; i < rows; i++) {
        const struct campaign_enterprise_paid *from = &c->enterprise_history[first + i];
        Enrollment__EnterpriseHistoryRow *row = message->rows[i];

        row->uscc = play_text(c->institutions[from->institution].code);
        row->item = (Common__Item)from->item;
        row->day = from->day;
        row->amount_fen = from->amount_fen;
        row->people = from->people;
    }
    return message;
}

static const void *
build_pack(struct play *play, uint64_t index, uint32_t part)
{
    Subsidy__AdoptPack *message = play_take(play, sizeof(*message));

    (void)index;
    (void)part;
    subsidy__adopt_pack__init(message);
    message->pack = play->pack;
    return message;
}

static const void *
build_standards(struct play *play, uint64_t index, uint32_t part)
{
    Subsidy__SetStandards *message = play_take(play, sizeof(*message));
    const struct campaign *c = play->campaign;

    (void)index;
    subsidy__set_standards__init(message);
    FOR_ROWS(message, rows, n_rows, Subsidy__Standard, subsidy__standard__init, c->standards_count);
    for (size_t i = 0; i < rows; i++) {
        const struct campaign_standard *from = &c->standards[first + i];
        Subsidy__Standard *row = message->rows[i];

        row->division = c->divisions[from->division].code;
        row->item = (Common__Item)from->item;
        row->level = (uint32_t)from->level;
        if (pack_standard_is_rate(play->pack, from->item))
            row->rate_bp = (uint32_t)from->figure;
        else
            row->amount_fen = from->figure;
        row->from_day = from->from_day;
        row->document = play_text(from->document);
    }
    return message;
}

static const void *
build_references(struct play *play, uint64_t index, uint32_t part)
{
    Subsidy__SetReferences *message = play_take(play, sizeof(*message));
    const struct campaign *c = play->campaign;

    (void)index;
    subsidy__set_references__init(message);
    FOR_ROWS(message, rows, n_rows, Subsidy__Reference, subsidy__reference__init, c->references_count);
    for (size_t i = 0; i < rows; i++) {
        const struct campaign_reference *from = &c->references[first + i];
        Subsidy__Reference *row = message->rows[i];

        row->name = play_text(from->name);
        row->division = c->divisions[from->division].code;
        row->amount_fen = from->amount_fen;
        row->from_day = from->from_day;
    }
    return message;
}

static const void *
build_inbox(struct play *play, uint64_t index, uint32_t part)
{
    Notification__OpenInbox *message = play_take(play, sizeof(*message));
    const struct play_agent_facts *agent = &play_agents[index];

    (void)part;
    if (agent->kinds == 0)
        return NULL;
    notification__open_inbox__init(message);
    message->agency = play_text(agent->name);
    message->department = (Common__Department)agent->department;
    message->groups = agent->groups;
    message->women = agent->women;
    message->kinds = play_take(play, 64 * sizeof(*message->kinds));
    for (unsigned kind = 1; kind < 64; kind++) {
        if (agent->kinds >> kind & 1)
            message->kinds[message->n_kinds++] = (Notification__Kind)kind;
    }
    return message;
}

static void
enrollment_outcomes(struct play *play, uint64_t index, uint32_t part, const struct jn_answer *answer)
{
    const Enrollment__Outcomes *outcomes = answer->reply;

    (void)index;
    (void)part;
    play_outcomes(play, "enrollment", outcomes->n_refused, outcomes->refused);
}

static void
subsidy_outcomes(struct play *play, uint64_t index, uint32_t part, const struct jn_answer *answer)
{
    const Subsidy__Outcomes *outcomes = answer->reply;

    (void)index;
    (void)part;
    play_outcomes(play, "subsidy", outcomes->n_refused, outcomes->refused);
}

static const struct step divisions = {"divisions",     AGENT_ADMINISTRATION, ENROLLMENT, "SetDivisions",
                                      build_divisions, enrollment_outcomes,  0};
static const struct step institutions = {"institutions",     AGENT_ADMINISTRATION, ENROLLMENT, "DesignateInstitutions",
                                         build_institutions, enrollment_outcomes,  0};
static const struct step projects = {"projects",     AGENT_ADMINISTRATION, ENROLLMENT, "ListProjects",
                                     build_projects, enrollment_outcomes,  0};
static const struct step history = {"history",     AGENT_EMPLOYMENT,    ENROLLMENT, "ImportHistory",
                                    build_history, enrollment_outcomes, 0};
static const struct step enterprise_history = {
    "enterprise history",     AGENT_EMPLOYMENT,    ENROLLMENT, "ImportEnterpriseHistory",
    build_enterprise_history, enrollment_outcomes, 0};
static const struct step pack = {"pack", AGENT_ADMINISTRATION, SUBSIDY, "AdoptPack", build_pack, NULL, 0};
static const struct step standards = {"standards",     AGENT_ADMINISTRATION, SUBSIDY, "SetStandards",
                                      build_standards, subsidy_outcomes,     0};
static const struct step references = {"references",     AGENT_ADMINISTRATION, SUBSIDY, "SetReferences",
                                       build_references, subsidy_outcomes,     0};
static const struct step inbox = {"inbox", AGENT_OPERATOR, NOTIFICATION, "OpenInbox", build_inbox, NULL, 0};

static void
add_parts(struct tasks *tasks, const struct step *step, size_t count)
{
    for (uint32_t part = 0; (size_t)part * PLAY_ROWS < count; part++)
        tasks_add(tasks, step, 0, part, 0, part);
}

bool
setup_run(struct play *play)
{
    const struct campaign *c = play->campaign;
    struct tasks tasks = {0};
    bool done;

    for (int agent = 0; agent < PLAY_AGENTS; agent++)
        tasks_add(&tasks, &inbox, (uint64_t)agent, 0, 0, (uint64_t)agent);
    add_parts(&tasks, &divisions, c->divisions_count);
    add_parts(&tasks, &pack, 1);
    /* Standards are judged by the divisions that subsidy has heard of. */
    done = tasks_run(play, &tasks) && clock_quiet(play);
    if (done) {
        add_parts(&tasks, &institutions, c->institutions_count);
        add_parts(&tasks, &projects, c->projects_count);
        add_parts(&tasks, &history, c->history_count);
        add_parts(&tasks, &standards, c->standards_count);
        add_parts(&tasks, &references, c->references_count);
        done = tasks_run(play, &tasks) && clock_quiet(play);
    }
    /* Enterprises are told of once the directory has them. */
    if (done && c->enterprise_history_count) {
        add_parts(&tasks, &enterprise_history, c->enterprise_history_count);
        done = tasks_run(play, &tasks) && clock_quiet(play);
    }
    free(tasks.list);
    return done;
}
