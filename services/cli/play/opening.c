/* A class opens: filed, its roster enrolled, opened. */
#include "cli/play/play.h"

#include "jineng/v1/enrollment.pb-c.h"

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
    uint32_t first = part * PLAY_ROWS,
             rows = class_->roster_count - first < PLAY_ROWS ? class_->roster_count - first : PLAY_ROWS;

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

static const struct step file_class = {"file", AGENT_EMPLOYMENT, ENROLLMENT, "FileClass", build_file, NULL, 0};
static const struct step enrol = {"enrol", AGENT_EMPLOYMENT, ENROLLMENT, "Enrol", build_enrol, enrolled, 0};
static const struct step open_class = {"open", AGENT_EMPLOYMENT, ENROLLMENT, "OpenClass", build_open, NULL, 0};

void
opening_fill(struct play *play, struct tasks *tasks, uint32_t index, int32_t day)
{
    const struct campaign_class *class_ = &play->campaign->classes[index];

    tasks_add(tasks, &file_class, index, 0, day, (uint64_t)index);
    for (uint32_t part = 0; part * PLAY_ROWS < class_->roster_count; part++)
        tasks_add(tasks, &enrol, index, part, day, (uint64_t)index * PLAY_PARTS + part);
}

void
opening_close(struct play *play, struct tasks *tasks, uint32_t index, int32_t day)
{
    if (play->campaign->classes[index].roster_count > 0)
        tasks_add(tasks, &open_class, index, 0, day, (uint64_t)index);
}
