/* What the stories about the way of a claim begin with. */
#include "subsidy_going.h"

const char the_way[] = "way:\n"
                       "- {step: confirm, by: [payee], term_days: 3, overdue: pass, clause: 2.13-c}\n"
                       "- {step: review, by: [employment_service, administration], term_days: 10, clause: A-hr}\n"
                       "- {step: review, by: [finance], term_days: 15, clause: A-fin}\n"
                       "- {step: notice, clause: 3.4-c}\n"
                       "gates:\n"
                       "- {gate: no_hold, clause: 2.12-e}\n"
                       "- {gate: no_objection, clause: 3.4-c}\n"
                       "- {gate: no_case, clause: 2.12-e}\n"
                       "- {gate: class_sound, clause: 3.4-b, override: administration}\n"
                       "- {gate: certificate_live, clause: 3.4-c, override: administration}\n"
                       "terms: {hold_days: 10, objection_days: 5, case_days: 20, clause: 2.12-e}\n";

struct jn_agency employment, finance, hr;

void
going_by(const char *id, const char *way)
{
    assert_int_equal(adopt(plan_going(id, way)), JN_OK);
}

int
going(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR), .days = 10};

    fresh(state);
    employment = jn_world_agency("human_resources.employment_service", ROLE_EMPLOYMENT_SERVICE);
    hr = jn_world_agency("human_resources.administration", ROLE_ADMINISTRATION);
    finance = jn_world_agency("finance", ROLE_FINANCE);
    going_by("going", the_way);
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(settled->claims, 2);
    return 0;
}

static char reason[600];

/* A bulk command's one row tells its own outcome. */
enum jn_code
told(const struct jn_agency *who, const char *method, const void *request, const void **reply)
{
    const void *own = NULL;
    enum jn_code code = jn_world_command(w, who, method, request, &own);

    snprintf(reason, sizeof(reason), "%s", jn_world_reason(w));
    if (reply)
        *reply = own;
    return code;
}

static enum jn_code
row_told(const struct jn_agency *who, const char *method, const void *request)
{
    const Subsidy__Outcomes *outcomes = NULL;
    const void *reply = NULL;
    enum jn_code code = told(who, method, request, &reply);

    outcomes = reply;
    return code == JN_OK && outcomes->n_refused ? (enum jn_code)outcomes->refused[0]->code : code;
}

static enum jn_code
confirm(Subsidy__WayRow row)
{
    Subsidy__ConfirmClaims request = SUBSIDY__CONFIRM_CLAIMS__INIT;
    Subsidy__WayRow *rows[] = {&row};

    request.n_rows = 1;
    request.rows = rows;
    request.reference = (char *)"确认书1号";
    return row_told(&employment, "ConfirmClaims", &request);
}

static enum jn_code
review(const struct jn_agency *who, Subsidy__WayRow row, uint64_t returned)
{
    Subsidy__ReviewClaims request = SUBSIDY__REVIEW_CLAIMS__INIT;
    Subsidy__WayRow *rows[] = {&row};
    Subsidy__ReturnRow back = SUBSIDY__RETURN_ROW__INIT, *backs[] = {&back};

    back.claim = returned;
    back.to = SUBSIDY__RETURN_TO__TO_INSTITUTION;
    back.reason = (char *)"考勤表缺页";
    request.n_returned = returned ? 1 : 0;
    request.returned = backs;
    request.n_rows = 1;
    request.rows = rows;
    request.reference = (char *)"审核表1号";
    return row_told(who, "ReviewClaims", &request);
}

enum jn_code
confirm_all(uint64_t settlement)
{
    Subsidy__WayRow row = SUBSIDY__WAY_ROW__INIT;

    row.settlement = settlement;
    return confirm(row);
}

enum jn_code
confirm_one(uint64_t number)
{
    Subsidy__WayRow row = SUBSIDY__WAY_ROW__INIT;

    row.claim = number;
    return confirm(row);
}

enum jn_code
review_all(const struct jn_agency *who, uint64_t settlement)
{
    return review_but(who, settlement, 0);
}

enum jn_code
review_but(const struct jn_agency *who, uint64_t settlement, uint64_t returned)
{
    Subsidy__WayRow row = SUBSIDY__WAY_ROW__INIT;

    row.settlement = settlement;
    return review(who, row, returned);
}

enum jn_code
review_class(const struct jn_agency *who, const char *class_no)
{
    Subsidy__WayRow row = SUBSIDY__WAY_ROW__INIT;

    row.class_no = (char *)(uintptr_t)class_no;
    return review(who, row, 0);
}

enum jn_code
review_one(const struct jn_agency *who, uint64_t number)
{
    Subsidy__WayRow row = SUBSIDY__WAY_ROW__INIT;

    row.claim = number;
    return review(who, row, 0);
}

enum jn_code
object_to(const struct jn_agency *who, uint64_t number)
{
    Subsidy__Object request = SUBSIDY__OBJECT__INIT;

    request.claim = number;
    request.reference = (char *)"来信7号";
    request.reason = (char *)"公示人员未参加培训";
    return told(who, "Object", &request, NULL);
}

enum jn_code
decide_on(const struct jn_agency *who, uint64_t objection, int outcome)
{
    Subsidy__DecideObjection request = SUBSIDY__DECIDE_OBJECTION__INIT;

    request.objection = objection;
    request.outcome = (Subsidy__ObjectionOutcome)outcome;
    request.document = (char *)"石人社决1号";
    request.reason = (char *)"经核查";
    return told(who, "DecideObjection", &request, NULL);
}

enum jn_code
override_one(const struct jn_agency *who, uint64_t number, int gate, const char *until)
{
    Subsidy__OverrideGate request = SUBSIDY__OVERRIDE_GATE__INIT;
    Subsidy__OverrideRow row = SUBSIDY__OVERRIDE_ROW__INIT, *rows[] = {&row};

    row.claim = number;
    row.gate = (Policy__GateKind)gate;
    request.n_rows = 1;
    request.rows = rows;
    request.reason = (char *)"证书已重新核发";
    request.document = (char *)"石人社特1号";
    request.until_day = day_of(until);
    return row_told(who, "OverrideGate", &request);
}

void
on_notice(uint64_t settlement)
{
    assert_int_equal(confirm_all(settlement), JN_OK);
    assert_int_equal(review_all(&hr, settlement), JN_OK);
    assert_int_equal(review_all(&finance, settlement), JN_OK);
}

uint64_t
staged(int stage)
{
    const Subsidy__TotalsView *view = totals();

    for (size_t i = 0; i < view->n_stages; i++)
        if ((int)view->stages[i]->stage == stage)
            return view->stages[i]->claims;
    return 0;
}

/* ---- What gates ask for ---- */

void
inspected(uint64_t class, bool sound)
{
    Enrollment__ClassInspected event = ENROLLMENT__CLASS_INSPECTED__INIT;

    event.class_ = class;
    event.outcome = sound ? ENROLLMENT__INSPECTION__SOUND : ENROLLMENT__INSPECTION__UNSOUND;
    event.day = day_of("2020-05-20");
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_INSPECTED, &event);
    jn_world_advance(w, jn_world_now(w) + 1);
}

void
people_told(uint64_t checked, uint64_t with_account)
{
    Enrollment__PeopleChecked event = ENROLLMENT__PEOPLE_CHECKED__INIT;

    event.person = &checked;
    event.n_person = 1;
    event.with_account = &with_account;
    event.n_with_account = with_account != 0;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_PEOPLE_CHECKED, &event);
    jn_world_advance(w, jn_world_now(w) + 1);
}

void
school_has_account(bool account)
{
    Enrollment__InstitutionsDesignated event = ENROLLMENT__INSTITUTIONS_DESIGNATED__INIT;
    Enrollment__DesignatedInstitution row = ENROLLMENT__DESIGNATED_INSTITUTION__INIT, *rows[] = {&row};
    Enrollment__Institution facts = ENROLLMENT__INSTITUTION__INIT;

    if (account)
        facts.account = (char *)"0402020409300012345";
    row.institution = SCHOOL;
    row.facts = &facts;
    event.n_rows = 1;
    event.rows = rows;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_INSTITUTIONS_DESIGNATED, &event);
    jn_world_advance(w, jn_world_now(w) + 1);
}
