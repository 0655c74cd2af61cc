/* A class (培训班): filed with plan, roster and safeguards, opened on its first day, finished after its last, or
 * stopped. 3.4.
 *
 *   filed --OpenClass--> opened --FinishClass--> finished
 *     |                    |
 *     +-----StopClass------+--> stopped
 *
 * ClassFiled: what was filed; never changes, and keeps the occupation and level that the project had then. ClassState:
 * the rest. */
#include "enrollment/enrollment.h"
#include "enrollment/text.h"

#include <string.h>

#include "domain/date.h"
#include "domain/money.h"

#define PROGRAMME_MAX 120
#define DOCUMENT_MAX  240

const char *
stage_name(Enrollment__Stage stage)
{
    static const char *const names[] = {
        [ENROLLMENT__STAGE__STAGE_UNSPECIFIED] = "?", [ENROLLMENT__STAGE__FILED] = "filed",
        [ENROLLMENT__STAGE__OPENED] = "opened",       [ENROLLMENT__STAGE__FINISHED] = "finished",
        [ENROLLMENT__STAGE__STOPPED] = "stopped",
    };

    return (unsigned)stage < sizeof(names) / sizeof(names[0]) ? names[stage] : "?";
}

bool
class_get(const struct jn_view *view, uint64_t number, struct class *out)
{
    out->number = number;
    out->filed = jn_get(view, TABLE_CLASS, JN_KEY(number));
    out->state = jn_get(view, TABLE_CLASS_STATE, JN_KEY(number));
    return out->filed && out->state;
}

Enrollment__ClassState *
class_state(struct jn_tables *t, uint64_t number)
{
    return jn_change(t, TABLE_CLASS_STATE, JN_KEY(number));
}

static uint64_t
class_number(const struct jn_view *view, const char *class_no)
{
    const Enrollment__Interned *row;

    if (!text_fits(class_no, 1, CLASS_NO_MAX))
        return 0;
    row = jn_get(view, TABLE_CLASS_BY_NO, jn_key_bytes(class_no, strlen(class_no)));
    return row ? row->number : 0;
}

/* A class beyond the caller's scope is none to him. */
enum jn_code
class_find(struct jn_decision *d, const char *class_no, struct class *out)
{
    uint64_t number = class_number(d->view, class_no);

    if (!number || !class_get(d->view, number, out) || !jn_in_scope_division(d->who, out->filed->division))
        return jn_refuse(d, JN_NOT_FOUND, "no class 班级 has this number: file it first, or correct the number");
    return JN_OK;
}

enum jn_code
class_at(struct jn_decision *d, const char *class_no, Enrollment__Stage stage, struct class *out)
{
    enum jn_code code = class_find(d, class_no, out);

    if (code == JN_OK && out->state->stage != stage)
        return jn_refuse(d, JN_WRONG_STATE, "class %s is %s; this needs one that is %s", class_no,
                         stage_name(out->state->stage), stage_name(stage));
    return code;
}

enum jn_code
class_reply(struct jn_decision *d, const struct class *class)
{
    Enrollment__ClassReply reply = ENROLLMENT__CLASS_REPLY__INIT;

    reply.class_ = class->number;
    reply.enrolled = class->state ? class->state->enrolled : 0;
    jn_reply(d, &reply.base);
    return JN_OK;
}

/* ---- Filing: 3.4-a asks for plan, application, roster and safeguards; the roster follows and is asked for at opening
 * ---- */

static enum jn_code
check_words(struct jn_decision *d, const Enrollment__FileClass *cmd, const Enrollment__ClassFiled *event)
{
    if (!text_fits(cmd->class_no, 1, CLASS_NO_MAX))
        return jn_refuse(d, JN_MALFORMED, "a class number 班级编号 is UTF-8 text of 1 to %d bytes", CLASS_NO_MAX);
    if (cmd->kind <= COMMON__CLASS_KIND__CLASS_KIND_UNSPECIFIED || cmd->kind > COMMON__CLASS_KIND__TECHNICAL_EDUCATION)
        return jn_refuse(d, JN_MALFORMED, "the kind of class 培训类型 is none of the eleven: correct it");
    if ((unsigned)cmd->for_group >= GROUPS_COUNT)
        return jn_refuse(d, JN_MALFORMED,
                         "the group that the class is for 面向人群 is not known: correct it or leave it out");
    if (!text_fits(event->programme, 0, PROGRAMME_MAX))
        return jn_refuse(d, JN_MALFORMED, "the programme 专项计划 is not UTF-8 text of up to %d bytes", PROGRAMME_MAX);
    if (!text_fits(event->plan, 1, DOCUMENT_MAX))
        return jn_refuse(d, JN_MALFORMED, "clause 3.4-a: a class needs its training plan 培训方案: name the document");
    if (!text_fits(event->safeguards, 1, DOCUMENT_MAX))
        return jn_refuse(d, JN_MALFORMED, "clause 3.4-a: a class needs its safeguards 保障措施: name the document");
    return JN_OK;
}

static enum jn_code
check_figures(struct jn_decision *d, const Enrollment__FileClass *cmd)
{
    if (!day_plausible(cmd->start_day))
        return jn_refuse(d, JN_MALFORMED, "the first day 开班日期 is missing or lies outside 1900 to 2199");
    if (!day_plausible(cmd->end_day))
        return jn_refuse(d, JN_MALFORMED, "the last day 结业日期 is missing or lies outside 1900 to 2199");
    if (cmd->end_day < cmd->start_day)
        return jn_refuse(d, JN_OUT_OF_LIMITS,
                         "the last day 结业日期 comes before the first 开班日期: correct one of them");
    if (cmd->end_day - cmd->start_day >= CLASS_DAYS_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "a class lasts at most %d days: correct the dates", CLASS_DAYS_MAX);
    if (cmd->capacity > CLASS_CAPACITY_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "the capacity 人数上限 is at most %d: correct it", CLASS_CAPACITY_MAX);
    if (cmd->cost_fen <= 0 || cmd->cost_fen > TRAINING_COST_FEN_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS,
                         "the cost per person 人均成本 is more than zero and at most 1,000,000.00 yuan "
                         "(须大于零且不超过100万元): correct it");
    return JN_OK;
}

enum jn_code
class_check_provider(struct jn_decision *d, uint64_t provider, int32_t start_day)
{
    char day[DATE_TEXT];

    if (!provider)
        return jn_refuse(d, JN_NOT_FOUND, "the provider 培训单位 is not in the directory: designate it first");
    if (!institution_designated(institution_get(d->view, provider), start_day))
        return jn_refuse(d, JN_REFUSED, "clause 2.13-a: the provider 培训单位 is not designated on %s, the first day",
                         date_format(start_day, day));
    return JN_OK;
}

static enum jn_code
check_employer(struct jn_decision *d, const char *uscc, uint64_t employer)
{
    if (!*uscc)
        return JN_OK;
    if (!employer)
        return jn_refuse(d, JN_NOT_FOUND,
                         "the employer 用人单位 is not in the directory: enter it first, or leave it out");
    if (!institution_employs(institution_get(d->view, employer)))
        return jn_refuse(d, JN_REFUSED,
                         "the employer 用人单位 is neither an enterprise, a cooperative nor a poverty "
                         "workshop: correct it");
    return JN_OK;
}

static enum jn_code
check_class(struct jn_decision *d, const Enrollment__FileClass *cmd, Enrollment__ClassFiled *event)
{
    enum jn_code code = check_words(d, cmd, event);

    if (code == JN_OK)
        code = check_figures(d, cmd);
    if (code != JN_OK)
        return code;
    if (!jn_in_scope_division(d->who, cmd->division))
        return jn_refuse(d, JN_DENIED, "division %06u is not in this key's scope", cmd->division);
    if (!division_known(d->view, cmd->division))
        return jn_refuse(d, JN_NOT_FOUND, "division %06u is not known: set the divisions first", cmd->division);
    if (class_number(d->view, cmd->class_no))
        return jn_refuse(d, JN_ALREADY_EXISTS, "class %s is filed already: choose another number", cmd->class_no);
    event->project = project_find(d->view, cmd->project);
    if (!event->project)
        return jn_refuse(d, JN_NOT_FOUND, "the project 培训项目 is not in the directory: list it first");
    event->provider = institution_find(d->view, cmd->provider);
    event->employer = institution_find(d->view, cmd->employer);
    code = class_check_provider(d, event->provider, cmd->start_day);
    return code == JN_OK ? check_employer(d, cmd->employer, event->employer) : code;
}

enum jn_code
decide_file_class(struct jn_decision *d, const Enrollment__FileClass *cmd)
{
    Enrollment__ClassFiled event = ENROLLMENT__CLASS_FILED__INIT;
    struct class class = {.number = jn_counter(d->view, COUNTER_CLASSES) + 1};
    const Enrollment__Project *project;
    enum jn_code code;

    event.programme = (char *)(uintptr_t)text_mended(d->view, cmd->programme);
    event.plan = (char *)(uintptr_t)text_mended(d->view, cmd->plan);
    event.safeguards = (char *)(uintptr_t)text_mended(d->view, cmd->safeguards);
    code = check_class(d, cmd, &event);
    if (code != JN_OK)
        return code;

    /* Decided. */
    project = project_get(d->view, event.project);
    event.class_ = class.number;
    event.class_no = cmd->class_no;
    event.occupation = project->occupation;
    event.level = project->level;
    event.hours = project->hours;
    event.division = cmd->division;
    event.kind = cmd->kind;
    event.project_based = cmd->project_based;
    event.for_group = cmd->for_group;
    event.start_day = cmd->start_day;
    event.end_day = cmd->end_day;
    event.capacity = cmd->capacity;
    event.cost_fen = cmd->cost_fen;
    event.advance = cmd->advance;
    jn_emit(d, ENROLLMENT__EVENT__BODY_CLASS_FILED, &event);
    return class_reply(d, &class);
}

void
apply_class_filed(struct jn_tables *t, const Enrollment__ClassFiled *event, const struct jn_stamp *stamp)
{
    Enrollment__Interned interned = ENROLLMENT__INTERNED__INIT;
    Enrollment__ClassState state = ENROLLMENT__CLASS_STATE__INIT;

    (void)stamp;
    interned.number = event->class_;
    state.stage = ENROLLMENT__STAGE__FILED;
    jn_put(t, TABLE_CLASS, JN_KEY(event->class_), event);
    jn_put(t, TABLE_CLASS_STATE, JN_KEY(event->class_), &state);
    jn_put(t, TABLE_CLASS_BY_NO, jn_key_bytes(event->class_no, strlen(event->class_no)), &interned);
    jn_counter_set(t, COUNTER_CLASSES, event->class_);
}

/* ---- What is known of it ---- */

static Enrollment__FileClass *
as_filed(struct jn_decision *d, const struct class *class)
{
    const Enrollment__ClassFiled *filed = class->filed;
    Enrollment__FileClass *out = jn_take(d->view, sizeof(*out));

    enrollment__file_class__init(out);
    out->class_no = filed->class_no;
    out->provider = institution_get(d->view, filed->provider)->uscc;
    out->project = project_get(d->view, filed->project)->code;
    out->division = filed->division;
    out->kind = filed->kind;
    out->programme = filed->programme;
    out->project_based = filed->project_based;
    out->for_group = filed->for_group;
    out->start_day = filed->start_day;
    out->end_day = filed->end_day;
    out->capacity = filed->capacity;
    out->cost_fen = filed->cost_fen;
    out->employer = institution_get(d->view, filed->employer)->uscc;
    out->advance = filed->advance;
    out->plan = filed->plan;
    out->safeguards = filed->safeguards;
    return out;
}

enum jn_code
answer_class(struct jn_decision *d, const Enrollment__ClassRequest *request)
{
    Enrollment__ClassView view = ENROLLMENT__CLASS_VIEW__INIT;
    const Enrollment__Attendance *attendance;
    char *waiting[DEPARTMENTS_COUNT];
    struct class class;
    enum jn_code code = class_find(d, request->class_no, &class);

    if (code != JN_OK)
        return code;
    attendance = attendance_of(d->view, class.number);
    view.class_ = class.number;
    view.state = (char *)(uintptr_t)(class.state->cancelled ? "cancelled" : stage_name(class.state->stage));
    view.filed = as_filed(d, &class);
    view.enrolled = class.state->enrolled;
    view.sheets = attendance ? attendance->sheets : 0;
    view.inspections = class.state->inspections;
    view.inspected = class.state->inspected;
    view.waiting_for = waiting;
    view.n_waiting_for = attestation_waiting(d->view, &class, waiting);
    jn_reply(d, &view.base);
    return JN_OK;
}

/* ---- Audit ---- */

struct classes_seen {
    struct jn_audit *audit;
    uint64_t count;
};

static void
check_state(struct jn_audit *audit, const struct class *class)
{
    const Enrollment__ClassState *state = class->state;

    if (state->stage < ENROLLMENT__STAGE__FILED || state->stage > ENROLLMENT__STAGE__STOPPED)
        jn_finding(audit, "class %llu is at no stage", (unsigned long long)class->number);
    if (state->cancelled && state->stage != ENROLLMENT__STAGE__FINISHED)
        jn_finding(audit, "class %llu is cancelled and has not finished", (unsigned long long)class->number);
    if ((state->inspections == 0) != (state->inspected == ENROLLMENT__INSPECTION__INSPECTION_UNSPECIFIED) ||
        (state->inspected == ENROLLMENT__INSPECTION__UNSOUND && state->stage == ENROLLMENT__STAGE__OPENED))
        jn_finding(audit, "class %llu: what its inspections found is not how it stands; 3.4-b",
                   (unsigned long long)class->number);
    if (state->enrolled > class->filed->capacity)
        jn_finding(audit, "class %llu has more people than seats", (unsigned long long)class->number);
    if (state->enrolled == 0 &&
        (state->stage == ENROLLMENT__STAGE__OPENED || state->stage == ENROLLMENT__STAGE__FINISHED))
        jn_finding(audit, "class %llu was opened with nobody on it", (unsigned long long)class->number);
    if (state->finished != (state->stage == ENROLLMENT__STAGE__FINISHED ? state->enrolled : 0))
        jn_finding(audit, "class %llu: %u rows went out when it finished, of %u", (unsigned long long)class->number,
                   state->finished, state->enrolled);
}

static bool
check_row(void *context, const struct jn_key *key, const void *row)
{
    struct classes_seen *seen = context;
    struct jn_audit *audit = seen->audit;
    const Enrollment__ClassFiled *filed = row;
    uint64_t number = jn_key_number(key, 0);
    struct class class;

    if (number != ++seen->count)
        jn_finding(audit, "class %llu is not numbered in order", (unsigned long long)number);
    if (class_number(audit->view, filed->class_no) != number)
        jn_finding(audit, "class %llu is not found by its number", (unsigned long long)number);
    if (!jn_has(audit->view, TABLE_INSTITUTION, JN_KEY(filed->provider)) ||
        !jn_has(audit->view, TABLE_PROJECT, JN_KEY(filed->project)) ||
        (filed->employer && !jn_has(audit->view, TABLE_INSTITUTION, JN_KEY(filed->employer))))
        jn_finding(audit, "class %llu names a provider, project or employer that is not there",
                   (unsigned long long)number);
    if (class_get(audit->view, number, &class))
        check_state(audit, &class);
    else
        jn_finding(audit, "class %llu has no state", (unsigned long long)number);
    return true;
}

void
audit_classes(struct jn_audit *audit)
{
    struct classes_seen seen = {audit, 0};

    jn_scan(audit->view, TABLE_CLASS, JN_KEY(0), 0, SIZE_MAX, check_row, &seen);
    audit_count(audit, "classes", seen.count, COUNTER_CLASSES);
}
