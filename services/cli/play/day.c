/* One day of a campaign: money comes, classes open, classes end, the day is settled, the bank pays. */
#include "cli/play/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/date.h"
#include "jineng/v1/certification.pb-c.h"
#include "jineng/v1/enrollment.pb-c.h"
#include "jineng/v1/ledger.pb-c.h"
#include "jineng/v1/subsidy.pb-c.h"

#define ROWS 200
#define ABSENT_MAX 2000
/* Parts of a class's commands: its numbers leave room for so many. */
#define PARTS 1024
/* Timers that run out after the last day: notices, deadlines. Further ahead nothing of the campaign is due. */
#define AFTER_DAYS 60
/* Finance sends the bank's results in once a week. */
#define BANK_DAYS 7

/* ---- A class opens ---- */

static const void *
build_file(struct play *play, uint64_t index, uint32_t part)
{
    Enrollment__FileClass *message = play_take(play, sizeof(*message));
    const struct campaign *c = play->campaign;
    const struct campaign_class *class_ = &c->classes[index];

    (void)part;
    enrollment__file_class__init(message);
    message->class_no = play_text(class_->number);
    message->provider = play_text(c->institutions[class_->provider].code);
    message->project = play_text(c->projects[class_->project].code);
    message->division = c->divisions[class_->division].code;
    message->kind = (Common__ClassKind)class_->kind;
    message->programme = play_text(class_->programme);
    message->project_based = class_->project_based;
    message->for_group = (Common__Group)class_->for_group;
    message->start_day = class_->start_day;
    message->end_day = class_->end_day;
    message->capacity = class_->capacity;
    message->cost_fen = class_->cost_fen;
    if (class_->employer != CAMPAIGN_NONE)
        message->employer = play_text(c->institutions[class_->employer].code);
    message->advance = class_->advance;
    /* The sheets bring no documents: the folder stands for them. */
    message->plan = jn_arena_print(&play->arena, "classes.csv:%u", class_->line);
    message->safeguards = message->plan;
    return message;
}

static void
fill_groups(struct play *play, uint16_t groups, Enrollment__Enrolment *row)
{
    row->groups = play_take(play, 16 * sizeof(*row->groups));
    for (int group = 1; group < 16; group++) {
        if (groups >> group & 1)
            row->groups[row->n_groups++] = (Common__Group)group;
    }
}

static const void *
build_enrol(struct play *play, uint64_t index, uint32_t part)
{
    Enrollment__Enrol *message = play_take(play, sizeof(*message));
    const struct campaign *c = play->campaign;
    const struct campaign_class *class_ = &c->classes[index];
    uint32_t first = part * ROWS, rows = class_->roster_count - first < ROWS ? class_->roster_count - first : ROWS;

    enrollment__enrol__init(message);
    message->class_no = play_text(class_->number);
    message->n_rows = rows;
    message->rows = play_take(play, rows * sizeof(*message->rows));
    for (uint32_t i = 0; i < rows; i++) {
        const struct campaign_roster_row *from = &c->roster[class_->roster_first + first + i];
        Enrollment__Enrolment *row = message->rows[i] = play_take(play, sizeof(*row));

        enrollment__enrolment__init(row);
        row->name = play_text(from->name);
        row->id_number = play_text(c->people[from->person].id);
        row->phone = play_text(from->phone);
        fill_groups(play, from->groups, row);
        row->household = (Common__Household)from->household;
        row->living_allowance = from->living_allowance;
        row->insured_months = from->insured_months;
        row->employed_months = from->employed_months;
        row->account = play_text(from->account);
    }
    return message;
}

static void
enrolled(struct play *play, uint64_t index, uint32_t part, const struct jn_answer *answer)
{
    const Enrollment__EnrolReply *reply = answer->reply;

    (void)part;
    play_outcomes(play, play->campaign->classes[index].number, reply->n_refused, reply->refused);
}

static const void *
build_open(struct play *play, uint64_t index, uint32_t part)
{
    Enrollment__OpenClass *message = play_take(play, sizeof(*message));

    (void)part;
    enrollment__open_class__init(message);
    message->class_no = play_text(play->campaign->classes[index].number);
    return message;
}

static const struct step file_class = {"file", AGENT_EMPLOYMENT, ENROLLMENT, "FileClass", build_file, NULL};
static const struct step enrol = {"enrol", AGENT_EMPLOYMENT, ENROLLMENT, "Enrol", build_enrol, enrolled};
static const struct step open_class = {"open", AGENT_EMPLOYMENT, ENROLLMENT, "OpenClass", build_open, NULL};

static void
add_opening(struct play *play, struct tasks *tasks, uint32_t index, int32_t day)
{
    const struct campaign_class *class_ = &play->campaign->classes[index];

    tasks_add(tasks, &file_class, index, 0, day, (uint64_t)index);
    for (uint32_t part = 0; part * ROWS < class_->roster_count; part++)
        tasks_add(tasks, &enrol, index, part, day, (uint64_t)index * PARTS + part);
    if (class_->roster_count > 0)
        tasks_add(tasks, &open_class, index, 0, day, (uint64_t)index);
}

/* ---- A class ends ---- */

/* Sheets that one message may hold, if everybody were absent on all of them. */
static uint32_t
sheets_a_part(const struct campaign_class *class_)
{
    uint32_t sheets = ABSENT_MAX / (class_->roster_count ? class_->roster_count : 1);

    return sheets < 1 ? 1 : sheets > ROWS ? ROWS : sheets;
}

static const void *
build_attendance(struct play *play, uint64_t index, uint32_t part)
{
    Enrollment__RecordAttendance *message = play_take(play, sizeof(*message));
    const struct campaign *c = play->campaign;
    const struct campaign_class *class_ = &c->classes[index];
    uint32_t most = sheets_a_part(class_), first = part * most;
    uint32_t count = class_->sheets_count - first < most ? class_->sheets_count - first : most;

    enrollment__record_attendance__init(message);
    message->class_no = play_text(class_->number);
    message->n_sheets = count;
    message->sheets = play_take(play, count * sizeof(*message->sheets));
    for (uint32_t i = 0; i < count; i++) {
        const struct campaign_sheet *from = &c->sheets[class_->sheets_first + first + i];
        Enrollment__Sheet *sheet = message->sheets[i] = play_take(play, sizeof(*sheet));

        enrollment__sheet__init(sheet);
        sheet->day = from->day;
        sheet->n_absent = from->absent_count;
        sheet->absent = play_take(play, from->absent_count * sizeof(*sheet->absent));
        for (uint32_t a = 0; a < from->absent_count; a++) {
            uint32_t row = class_->roster_first + c->absent[from->absent_first + a];

            sheet->absent[a] = play_text(c->people[c->roster[row].person].id);
        }
    }
    return message;
}

static void
attended(struct play *play, uint64_t index, uint32_t part, const struct jn_answer *answer)
{
    const Enrollment__Outcomes *outcomes = answer->reply;

    (void)part;
    play_outcomes(play, play->campaign->classes[index].number, outcomes->n_refused, outcomes->refused);
}

/* The part-th two hundred rows of the class that have a result. */
static const void *
build_results(struct play *play, uint64_t index, uint32_t part)
{
    Certification__RecordResults *message = play_take(play, sizeof(*message));
    const struct campaign *c = play->campaign;
    const struct campaign_class *class_ = &c->classes[index];
    uint32_t seen = 0;

    certification__record_results__init(message);
    message->class_no = play_text(class_->number);
    message->rows = play_take(play, ROWS * sizeof(*message->rows));
    for (uint32_t i = 0; i < class_->roster_count && message->n_rows < ROWS; i++) {
        const struct campaign_roster_row *row = &c->roster[class_->roster_first + i];
        const struct campaign_result *from;
        Certification__Result *result;

        if (row->result == CAMPAIGN_NONE || seen++ < part * ROWS)
            continue;
        from = &c->results[row->result];
        result = message->rows[message->n_rows++] = play_take(play, sizeof(*result));
        certification__result__init(result);
        result->id_number = play_text(c->people[row->person].id);
        result->kind = (Common__CertificateKind)from->kind;
        result->level = (uint32_t)from->level;
        result->certificate_no = play_text(from->number);
        result->day = from->day;
        result->evaluator = play_text(c->institutions[from->evaluator].code);
    }
    return message;
}

static void
results_recorded(struct play *play, uint64_t index, uint32_t part, const struct jn_answer *answer)
{
    const Certification__Outcomes *outcomes = answer->reply;

    (void)part;
    play_outcomes(play, play->campaign->classes[index].number, outcomes->n_refused, outcomes->refused);
}

static const void *
build_finish(struct play *play, uint64_t index, uint32_t part)
{
    Enrollment__FinishClass *message = play_take(play, sizeof(*message));

    (void)part;
    enrollment__finish_class__init(message);
    message->class_no = play_text(play->campaign->classes[index].number);
    return message;
}

static const void *
build_close(struct play *play, uint64_t index, uint32_t part)
{
    Certification__CloseResults *message = play_take(play, sizeof(*message));

    (void)part;
    certification__close_results__init(message);
    message->class_no = play_text(play->campaign->classes[index].number);
    return message;
}

static const struct step attendance = {"attendance", AGENT_EMPLOYMENT, ENROLLMENT, "RecordAttendance", build_attendance, attended};
static const struct step results = {"results", AGENT_APPRAISAL, CERTIFICATION, "RecordResults", build_results, results_recorded};
static const struct step finish = {"finish", AGENT_EMPLOYMENT, ENROLLMENT, "FinishClass", build_finish, NULL};
static const struct step close_results = {"close", AGENT_APPRAISAL, CERTIFICATION, "CloseResults", build_close, NULL};

static void
add_ending(struct play *play, struct tasks *tasks, uint32_t index, int32_t day)
{
    const struct campaign_class *class_ = &play->campaign->classes[index];

    if (class_->roster_count == 0)
        return;
    for (uint32_t part = 0; part * sheets_a_part(class_) < class_->sheets_count; part++)
        tasks_add(tasks, &attendance, index, part, day, (uint64_t)index * PARTS + part);
    for (uint32_t part = 0; part * ROWS < class_->certified; part++)
        tasks_add(tasks, &results, index, part, day, (uint64_t)index * PARTS + part);
}

/* ---- Money comes ---- */

static const void *
build_money(struct play *play, uint64_t index, uint32_t part)
{
    Ledger__AppropriateAll *message = play_take(play, sizeof(*message));
    const struct campaign *c = play->campaign;
    uint32_t skip = part * ROWS;

    ledger__appropriate_all__init(message);
    message->rows = play_take(play, ROWS * sizeof(*message->rows));
    for (uint32_t i = 0; i < c->appropriations_count && message->n_rows < ROWS; i++) {
        const struct campaign_appropriation *from = &c->appropriations[i];
        Ledger__Appropriate *row;

        if (from->day != (int32_t)index || skip-- > 0)
            continue;
        skip = 0;
        row = message->rows[message->n_rows++] = play_take(play, sizeof(*row));
        ledger__appropriate__init(row);
        row->fund = (Common__Fund)from->fund;
        row->division = c->divisions[from->division].code;
        row->amount_fen = from->amount_fen;
        row->day = from->day;
        row->document = play_text(from->document);
    }
    return message->n_rows > 0 ? message : NULL;
}

static void
money_came(struct play *play, uint64_t index, uint32_t part, const struct jn_answer *answer)
{
    const Ledger__Outcomes *outcomes = answer->reply;

    (void)index;
    (void)part;
    play_outcomes(play, "ledger", outcomes->n_refused, outcomes->refused);
}

static const struct step money = {"money", AGENT_FINANCE, LEDGER, "AppropriateAll", build_money, money_came};

static void
add_money(struct play *play, struct tasks *tasks, int32_t day)
{
    const struct campaign *c = play->campaign;
    uint32_t rows = 0;

    for (uint32_t i = 0; i < c->appropriations_count; i++)
        rows += c->appropriations[i].day == day;
    for (uint32_t part = 0; part * ROWS < rows; part++)
        tasks_add(tasks, &money, (uint64_t)day, part, day, part);
}

/* ---- The day is settled ---- */

struct settling {
    int32_t day;
    bool done;
};

static struct settling settling;

static const void *
build_settle(struct play *play, uint64_t index, uint32_t part)
{
    Subsidy__SettleDay *message = play_take(play, sizeof(*message));

    (void)part;
    subsidy__settle_day__init(message);
    message->day = (int32_t)index;
    message->enrollment_block = 0; /* awaited before: the command's content must not depend on this run */
    return message;
}

static void
settled(struct play *play, uint64_t index, uint32_t part, const struct jn_answer *answer)
{
    (void)play;
    (void)index;
    (void)part;
    settling.done = ((const Subsidy__SettleReply *)answer->reply)->done;
}

static const struct step settle = {"settle", AGENT_OPERATOR, SUBSIDY, "SettleDay", build_settle, settled};

static bool
settle_day(struct play *play, int32_t day)
{
    struct tasks tasks = {0};
    bool well = clock_await(play, SUBSIDY, 1 << ENROLLMENT | 1 << CERTIFICATION);

    settling = (struct settling){.day = day};
    for (uint64_t chunk = 0; well && !settling.done; chunk++) {
        tasks_add(&tasks, &settle, (uint64_t)day, 0, day, chunk);
        well = tasks_run(play, &tasks);
    }
    free(tasks.list);
    /* What is settled is committed before anything else of the next day reaches the ledger. */
    return well && clock_await(play, LEDGER, 1 << SUBSIDY);
}

/* ---- A day ---- */

/* The first place in a sorted list of classes whose day (start or end) is not before `day`. */
static uint32_t
first_of(const struct play *play, const uint32_t *list, bool starts, int32_t day)
{
    uint32_t low = 0, high = play->campaign->classes_count;

    while (low < high) {
        uint32_t middle = (low + high) / 2;
        const struct campaign_class *class_ = &play->campaign->classes[list[middle]];

        if ((starts ? class_->start_day : class_->end_day) < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The departments look into their inboxes when a class is about to end that opened after they looked last. */
static bool
attested(struct play *play, uint32_t from, uint32_t to)
{
    const struct campaign *c = play->campaign;

    for (uint32_t i = from; i < to; i++) {
        if (c->classes[c->settling[i]].start_day < play->answered_through)
            continue;
        play->answered_through = play->today + 1;
        return clock_await(play, NOTIFICATION, 1 << ENROLLMENT) && departments_answer(play);
    }
    return true;
}

static bool
end_classes(struct play *play, uint32_t from, uint32_t to, int32_t day)
{
    const struct campaign *c = play->campaign;
    struct tasks tasks = {0};
    bool well = attested(play, from, to);

    for (uint32_t i = from; well && i < to; i++) {
        uint32_t index = c->settling[i];

        if (c->classes[index].roster_count == 0)
            continue;
        tasks_add(&tasks, &finish, index, 0, day, (uint64_t)index);
        tasks_add(&tasks, &close_results, index, 0, day, (uint64_t)index);
    }
    well = well && tasks_run(play, &tasks) && settle_day(play, day);
    free(tasks.list);
    return well;
}

bool
day_run(struct play *play, int32_t day)
{
    const struct campaign *c = play->campaign;
    struct tasks tasks = {0};
    uint32_t starts = first_of(play, play->starting, true, day), ends = first_of(play, c->settling, false, day);
    uint32_t ends_to = first_of(play, c->settling, false, day + 1);
    size_t paid;
    bool well = clock_advance(play, date_to_ms(day));

    if (!well)
        return false;
    add_money(play, &tasks, day);
    for (uint32_t i = starts; i < c->classes_count && c->classes[play->starting[i]].start_day == day; i++)
        add_opening(play, &tasks, play->starting[i], day);
    for (uint32_t i = ends; i < ends_to; i++)
        add_ending(play, &tasks, c->settling[i], day);
    well = tasks_run(play, &tasks);
    free(tasks.list);
    if (well && ends_to > ends)
        well = end_classes(play, ends, ends_to, day);
    if (well && day - play->bank_day >= BANK_DAYS) {
        play->bank_day = day;
        well = bank_pays(play, &paid);
    }
    return well;
}

bool
day_finish(struct play *play)
{
    int64_t end_ms = date_to_ms(play->days_count ? play->days[play->days_count - 1] + AFTER_DAYS : 0);

    for (;;) {
        int64_t timer_ms;
        size_t paid = 0;

        if (!clock_quiet(play) || !departments_answer(play) || !bank_pays(play, &paid))
            return false;
        if (paid > 0)
            continue;
        timer_ms = clock_next_timer(play);
        if (play->failed)
            return false;
        if (timer_ms == 0 || timer_ms > end_ms)
            return true;
        if (!clock_advance(play, timer_ms))
            return false;
    }
}
