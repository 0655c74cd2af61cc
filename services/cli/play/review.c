/* The reviewers of a play: whom it is due to confirms, human resources and finance review, all on the day on which a
 * class was settled, and nobody objects. Where the pack says no way there is nothing to review. */
#include "cli/play/play.h"

#include <stdlib.h>

#include "jineng/v1/subsidy.pb-c.h"

/* Parts of one step's commands: a day on which 512 x 200 classes end is none of ours. */
#define PARTS_MAX 512

/* Classes that end on the day of the index-th in the order of settling, from its place on. */
static size_t
rows_of(struct play *play, uint64_t index, uint32_t part, Subsidy__WayRow ***rows)
{
    const struct campaign *c = play->campaign;
    int32_t day = c->classes[c->settling[index]].end_day;
    size_t count = 0;

    *rows = play_take(play, PLAY_ROWS * sizeof(**rows));
    for (uint64_t at = index + (uint64_t)part * PLAY_ROWS; at < c->classes_count && count < PLAY_ROWS; at++) {
        const struct campaign_class *class_ = &c->classes[c->settling[at]];
        Subsidy__WayRow *row;

        if (class_->end_day != day)
            break;
        row = (*rows)[count++] = play_take(play, sizeof(*row));
        subsidy__way_row__init(row);
        row->class_no = play_text(class_->number);
    }
    return count;
}

static const void *
build_confirm(struct play *play, uint64_t index, uint32_t part)
{
    Subsidy__ConfirmClaims *message = play_take(play, sizeof(*message));

    subsidy__confirm_claims__init(message);
    message->n_rows = rows_of(play, index, part, &message->rows);
    message->reference = play_text("确认书");
    return message->n_rows ? message : NULL;
}

static const void *
build_review(struct play *play, uint64_t index, uint32_t part)
{
    Subsidy__ReviewClaims *message = play_take(play, sizeof(*message));

    subsidy__review_claims__init(message);
    message->n_rows = rows_of(play, index, part, &message->rows);
    message->reference = play_text("审核表");
    return message->n_rows ? message : NULL;
}

/* Of a class in which nothing is due nothing waits. */
static void
reviewed(struct play *play, uint64_t index, uint32_t part, const struct jn_answer *answer)
{
    const Subsidy__Outcomes *outcomes = answer->reply;

    (void)index;
    (void)part;
    for (size_t i = 0; i < outcomes->n_refused; i++)
        if (outcomes->refused[i]->code != JN_WRONG_STATE)
            play_outcomes(play, "subsidy", 1, &outcomes->refused[i]);
}

static const struct step confirm = {"confirm", AGENT_EMPLOYMENT, SUBSIDY, "ConfirmClaims", build_confirm, reviewed, 0};
static const struct step review = {"review", AGENT_ADMINISTRATION, SUBSIDY, "ReviewClaims", build_review, reviewed, 0};

/* No agency reviews twice: the first of those that may and have not. */
static enum play_agent
reviewer(const Policy__WayStep *step, bool used[PLAY_AGENTS])
{
    static const struct {
        Policy__WayBy by;
        enum play_agent agent;
    } hands[] = {
        {POLICY__WAY_BY__BY_ADMINISTRATION, AGENT_ADMINISTRATION},
        {POLICY__WAY_BY__BY_EMPLOYMENT_SERVICE, AGENT_EMPLOYMENT},
        {POLICY__WAY_BY__BY_FINANCE, AGENT_FINANCE},
        {POLICY__WAY_BY__BY_FINANCE, AGENT_CHECKER},
    };

    for (size_t i = 0; i < sizeof(hands) / sizeof(hands[0]); i++)
        if ((step->by >> hands[i].by & 1) && !used[hands[i].agent]) {
            used[hands[i].agent] = true;
            return hands[i].agent;
        }
    return AGENT_ADMINISTRATION; /* who is refused then, and the play says so */
}

bool
review_day(struct play *play, uint32_t first, uint32_t count, int32_t day)
{
    bool used[PLAY_AGENTS] = {false}, well = true;
    struct tasks tasks = {0};

    for (size_t i = 0; well && count > 0 && i < play->pack->n_way; i++) {
        const Policy__WayStep *way = play->pack->way[i];
        bool confirms = way->kind == POLICY__WAY_KIND__CONFIRM;
        enum play_agent agent;

        if (way->kind == POLICY__WAY_KIND__NOTICE)
            break;
        agent = confirms ? AGENT_EMPLOYMENT : reviewer(way, used);
        for (uint32_t part = 0; part * PLAY_ROWS < count; part++)
            tasks_add_as(&tasks, confirms ? &confirm : &review, agent, first, part, day, i * PARTS_MAX + part);
        well = tasks_run(play, &tasks);
    }
    free(tasks.list);
    return well;
}
