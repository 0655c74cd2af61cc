/* The departments: each reads its inbox, fetches the people of a request with its own key, answers from its own
 * register. */
#include "cli/play/play.h"

#include <stdlib.h>
#include <string.h>

#include "jineng/v1/enrollment.pb-c.h"
#include "jineng/v1/notification.pb-c.h"

#define KIND(name)  (UINT64_C(1) << NOTIFICATION__KIND__##name)
#define GROUP(name) (UINT32_C(1) << COMMON__GROUP__##name)
#define CLASSES                                                                                                        \
    (KIND(CLASS_FILED) | KIND(CLASS_OPENED) | KIND(CLASS_FINISHED) | KIND(CLASS_STOPPED) | KIND(CLASS_CANCELLED))
#define CLAIMS                                                                                                         \
    (KIND(CLAIMS_PUBLISHED) | KIND(CLAIMS_APPROVED) | KIND(CLAIM_HELD) | KIND(CLAIM_RELEASED) | KIND(PAID) |           \
     KIND(CLAIMS_REASSESSED))

const struct play_agent_facts play_agents[PLAY_AGENTS] = {
    [AGENT_ADMINISTRATION] = {"human_resources.administration", COMMON__DEPARTMENT__HUMAN_RESOURCES,
                              KIND(ATTESTATION_REQUESTED) | KIND(CLASS_STOPPED) | KIND(CERTIFICATE_REVOKED) |
                                  KIND(QUEUED_FOR_FUNDS) | KIND(CLAIMS_REASSESSED) | KIND(CLASS_CANCELLED),
                              0, false},
    [AGENT_EDUCATION] = {"education", COMMON__DEPARTMENT__EDUCATION,
                         KIND(ATTESTATION_REQUESTED) | KIND(INSTITUTIONS_DESIGNATED), 0, false},
    [AGENT_VETERANS] = {"veterans", COMMON__DEPARTMENT__VETERANS,
                        KIND(ATTESTATION_REQUESTED) | KIND(CLASS_OPENED) | CLAIMS, GROUP(VETERAN), false},
    [AGENT_DISABLED] = {"disabled_federation", COMMON__DEPARTMENT__DISABLED_FEDERATION,
                        KIND(ATTESTATION_REQUESTED) | KIND(CLASS_OPENED) | CLAIMS, GROUP(DISABLED), false},
    [AGENT_AGRICULTURE] = {"agriculture", COMMON__DEPARTMENT__AGRICULTURE,
                           KIND(ATTESTATION_REQUESTED) | KIND(CLASS_OPENED), GROUP(FARMER) | GROUP(REGISTERED_POOR),
                           false},
    [AGENT_CIVIL_AFFAIRS] = {"civil_affairs", COMMON__DEPARTMENT__CIVIL_AFFAIRS, KIND(ATTESTATION_REQUESTED),
                             GROUP(POOR_FAMILY), false},
    [AGENT_EMPLOYMENT] = {"human_resources.employment_service", 0,
                          CLASSES | KIND(LIMITS_WARNED) | KIND(CLAIMS_REASSESSED), 0, false},
    [AGENT_APPRAISAL] = {"human_resources.appraisal", 0,
                         KIND(CLASS_FINISHED) | KIND(RESULTS_CLOSED) | KIND(CERTIFICATE_REVOKED), 0, false},
    [AGENT_WOMENS] = {"womens_federation", COMMON__DEPARTMENT__WOMENS_FEDERATION, KIND(CLASS_OPENED) | CLAIMS,
                      GROUP(UNEMPLOYED), true},
    [AGENT_EMERGENCY] = {"emergency_management", COMMON__DEPARTMENT__EMERGENCY_MANAGEMENT,
                         KIND(SPECIAL_OPERATIONS_PASSED) | KIND(CERTIFICATES_LAPSED) | KIND(CERTIFICATE_REVOKED), 0,
                         false},
    [AGENT_FINANCE] = {"finance", COMMON__DEPARTMENT__FINANCE,
                       KIND(APPROPRIATED) | KIND(QUEUED_FOR_FUNDS) | KIND(PAYMENT_INSTRUCTED) | KIND(PAYMENT_FAILED) |
                           KIND(RECOVERY_DUE) | KIND(ADVANCE_GRANTED) | KIND(SHORTFALL_FORESEEN) |
                           KIND(CLAIMS_REASSESSED),
                       0, false},
    [AGENT_OPERATOR] = {"operator", 0, 0, 0, false},
    [AGENT_CHECKER] = {"finance.checker", 0, 0, 0, false},
};

/* A request that a department was told of, and what its register says. */
struct answer_row {
    uint32_t seat;
    int group;
    enum campaign_register says;
};

struct request {
    enum play_agent agent;
    uint64_t number;
    struct answer_row *rows;
    size_t rows_count;
};

static struct {
    struct request *list;
    size_t count, room;
    uint64_t read[PLAY_AGENTS]; /* of each inbox */
    bool more;
} inboxes;

/* ---- The inbox ---- */

static const void *
build_inbox(struct play *play, uint64_t index, uint32_t part)
{
    Notification__InboxRequest *message = play_take(play, sizeof(*message));

    (void)part;
    notification__inbox_request__init(message);
    message->after = inboxes.read[index];
    message->limit = PLAY_ROWS;
    return message;
}

static void
note_request(enum play_agent agent, uint64_t number)
{
    if (inboxes.count == inboxes.room) {
        inboxes.room = inboxes.room ? inboxes.room * 2 : 64;
        inboxes.list = realloc(inboxes.list, inboxes.room * sizeof(*inboxes.list));
        JN_ASSERT(inboxes.list);
    }
    inboxes.list[inboxes.count++] = (struct request){.agent = agent, .number = number};
}

static void
inbox_read(struct play *play, uint64_t index, uint32_t part, const struct jn_answer *answer)
{
    const Notification__InboxView *view = answer->reply;

    (void)play;
    (void)part;
    for (size_t i = 0; i < view->n_items; i++) {
        const Notification__Item *item = view->items[i];

        if (item->kind == NOTIFICATION__KIND__ATTESTATION_REQUESTED)
            note_request((enum play_agent)index, item->reference);
        inboxes.read[index] = item->number;
    }
    if (view->n_items > 0 && inboxes.read[index] < view->last)
        inboxes.more = true;
}

static void
acknowledged_before(struct play *play, uint64_t index, uint32_t part, const struct jn_answer *answer)
{
    (void)play;
    (void)part;
    inboxes.read[index] = ((const Notification__InboxView *)answer->reply)->acknowledged;
}

/* ---- The people of a request ---- */

static const void *
build_people(struct play *play, uint64_t index, uint32_t part)
{
    Enrollment__PeopleRequest *message = play_take(play, sizeof(*message));

    (void)part;
    enrollment__people_request__init(message);
    message->request = inboxes.list[index].number;
    return message;
}

/* The register's row of an id number. */
static uint32_t
person_of(const struct play *play, const char *id)
{
    uint32_t low = 0, high = play->campaign->people_count;

    while (low < high) {
        uint32_t middle = (low + high) / 2;
        int order = strcmp(play->campaign->people[play->by_key[middle]].id, id);

        if (order == 0)
            return play->by_key[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return CAMPAIGN_NONE;
}

static void
people_fetched(struct play *play, uint64_t index, uint32_t part, const struct jn_answer *answer)
{
    const Enrollment__PeopleReply *reply = answer->reply;
    struct request *request = &inboxes.list[index];
    size_t count = 0;

    (void)part;
    for (size_t i = 0; i < reply->n_rows; i++)
        count += reply->rows[i]->n_groups;
    request->rows = calloc(count + 1, sizeof(*request->rows));
    JN_ASSERT(request->rows);
    for (size_t i = 0; i < reply->n_rows; i++) {
        uint32_t person = person_of(play, reply->rows[i]->id_number);

        for (size_t g = 0; g < reply->rows[i]->n_groups; g++) {
            int group = (int)reply->rows[i]->groups[g];

            request->rows[request->rows_count++] = (struct answer_row){
                reply->rows[i]->seat, group,
                person == CAMPAIGN_NONE ? CAMPAIGN_NO_ROW : campaign_attested(play->campaign, person, group)};
        }
    }
}

/* ---- The answer ---- */

static const void *
build_attest(struct play *play, uint64_t index, uint32_t part)
{
    static const Enrollment__Answer answers[] = {[CAMPAIGN_NO_ROW] = ENROLLMENT__ANSWER__NO_ROW,
                                                 [CAMPAIGN_HOLDS] = ENROLLMENT__ANSWER__HOLDS,
                                                 [CAMPAIGN_DOES_NOT_HOLD] = ENROLLMENT__ANSWER__DENIED};
    Enrollment__Attest *message = play_take(play, sizeof(*message));
    const struct request *request = &inboxes.list[index];
    size_t first = (size_t)part * PLAY_ROWS;

    enrollment__attest__init(message);
    message->request = request->number;
    message->rows = play_take(play, PLAY_ROWS * sizeof(*message->rows));
    for (size_t i = first; i < request->rows_count && message->n_rows < PLAY_ROWS; i++) {
        Enrollment__AttestRow *row = message->rows[message->n_rows++] = play_take(play, sizeof(*row));

        enrollment__attest_row__init(row);
        row->seat = request->rows[i].seat;
        row->group = (Common__Group)request->rows[i].group;
        row->answer = answers[request->rows[i].says];
    }
    return message;
}

static void
attested(struct play *play, uint64_t index, uint32_t part, const struct jn_answer *answer)
{
    const Enrollment__Outcomes *outcomes = answer->reply;

    (void)part;
    play_outcomes(play, play_agents[inboxes.list[index].agent].name, outcomes->n_refused, outcomes->refused);
}

static const void *
build_acknowledge(struct play *play, uint64_t index, uint32_t part)
{
    Notification__Acknowledge *message = play_take(play, sizeof(*message));

    (void)part;
    notification__acknowledge__init(message);
    message->through = inboxes.read[index];
    return message;
}

static const struct step look = {"look", PLAY_AGENTS, NOTIFICATION, "Inbox", build_inbox, acknowledged_before, 0};
static const struct step read_inbox = {"read", PLAY_AGENTS, NOTIFICATION, "Inbox", build_inbox, inbox_read, 0};
static const struct step people = {"people", PLAY_AGENTS, ENROLLMENT, "People", build_people, people_fetched, 0};
static const struct step attest = {"attest", PLAY_AGENTS, ENROLLMENT, "Attest", build_attest, attested, 0};
static const struct step acknowledge = {
    "acknowledge", PLAY_AGENTS, NOTIFICATION, "Acknowledge", build_acknowledge, NULL, 0};

/* A play that is started again begins behind what each department has acknowledged. */
static bool
find_places(struct play *play, struct tasks *tasks)
{
    static bool known;

    if (known)
        return true;
    known = true;
    for (int agent = 0; agent < PLAY_REGISTERS; agent++)
        tasks_add_as(tasks, &look, (enum play_agent)agent, (uint64_t)agent, 0, 0, 0);
    return tasks_run(play, tasks);
}

static bool
read_inboxes(struct play *play, struct tasks *tasks)
{
    do {
        inboxes.more = false;
        for (int agent = 0; agent < PLAY_REGISTERS; agent++)
            tasks_add_as(tasks, &read_inbox, (enum play_agent)agent, (uint64_t)agent, 0, 0, 0);
        if (!tasks_run(play, tasks))
            return false;
    } while (inboxes.more);
    return true;
}

static bool
answer_requests(struct play *play, struct tasks *tasks)
{
    for (size_t i = 0; i < inboxes.count; i++)
        tasks_add_as(tasks, &people, inboxes.list[i].agent, i, 0, 0, 0);
    if (!tasks_run(play, tasks))
        return false;
    for (size_t i = 0; i < inboxes.count; i++) {
        for (uint32_t part = 0; part * PLAY_ROWS < inboxes.list[i].rows_count; part++)
            tasks_add_as(tasks, &attest, inboxes.list[i].agent, i, part, 0, inboxes.list[i].number * 16 + part);
    }
    return tasks_run(play, tasks);
}

bool
departments_answer(struct play *play)
{
    struct tasks tasks = {0};
    uint64_t before[PLAY_AGENTS];
    bool well;

    well = find_places(play, &tasks);
    memcpy(before, inboxes.read, sizeof(before));
    well = well && read_inboxes(play, &tasks) && answer_requests(play, &tasks);
    for (int agent = 0; well && agent < PLAY_REGISTERS; agent++) {
        if (inboxes.read[agent] > before[agent])
            tasks_add_as(&tasks, &acknowledge, (enum play_agent)agent, (uint64_t)agent, 0, 0, inboxes.read[agent]);
    }
    well = well && tasks_run(play, &tasks);
    for (size_t i = 0; i < inboxes.count; i++)
        free(inboxes.list[i].rows);
    inboxes.count = 0;
    free(tasks.list);
    return well;
}
