/* A class ends: its attendance, its results, its rows. */
#include "cli/play/play.h"

#include "jineng/v1/certification.pb-c.h"
#include "jineng/v1/enrollment.pb-c.h"

/* Names of the absent in one message. */
#define ABSENT_MAX 2000

/* Sheets that one message may hold, if everybody were absent on all of them. */
static uint32_t
sheets_a_part(const struct campaign_class *class_)
{
    uint32_t sheets = ABSENT_MAX / (class_->roster_count ? class_->roster_count : 1);

    return sheets < 1 ? 1 : sheets > PLAY_ROWS ? PLAY_ROWS : sheets;
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
    message->rows = play_take(play, PLAY_ROWS * sizeof(*message->rows));
    for (uint32_t i = 0; i < class_->roster_count && message->n_rows < PLAY_ROWS; i++) {
        const struct campaign_roster_row *row = &c->roster[class_->roster_first + i];
        const struct campaign_result *from;
        Certification__Result *result;

        if (row->result == CAMPAIGN_NONE || seen++ < part * PLAY_ROWS)
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

static const struct step attendance = {"attendance",     AGENT_EMPLOYMENT, ENROLLMENT, "RecordAttendance",
                                       build_attendance, attended,         0};
static const struct step results = {
    "results", AGENT_APPRAISAL, CERTIFICATION, "RecordResults", build_results, results_recorded, 0};
static const struct step finish = {"finish", AGENT_EMPLOYMENT, ENROLLMENT, "FinishClass", build_finish, NULL, 0};
static const struct step close_results = {"close", AGENT_APPRAISAL, CERTIFICATION, "CloseResults", build_close, NULL,
                                          0};

void
ending_fill(struct play *play, struct tasks *tasks, uint32_t index, int32_t day)
{
    const struct campaign_class *class_ = &play->campaign->classes[index];

    if (class_->roster_count == 0)
        return;
    for (uint32_t part = 0; part * sheets_a_part(class_) < class_->sheets_count; part++)
        tasks_add(tasks, &attendance, index, part, day, (uint64_t)index * PLAY_PARTS + part);
    for (uint32_t part = 0; part * PLAY_ROWS < class_->certified; part++)
        tasks_add(tasks, &results, index, part, day, (uint64_t)index * PLAY_PARTS + part);
}

void
ending_close(struct play *play, struct tasks *tasks, uint32_t index, int32_t day)
{
    if (play->campaign->classes[index].roster_count == 0)
        return;
    tasks_add(tasks, &finish, index, 0, day, (uint64_t)index);
    tasks_add(tasks, &close_results, index, 0, day, (uint64_t)index);
}
