/* The way of a claim (补贴申领流程): what its nouns offer one another. From `computed` through confirmation, reviews
 * and notice to the gates; a settlement goes as a whole, what is suspended stays behind and goes on alone. */
#ifndef SUBSIDY_WAY_H
#define SUBSIDY_WAY_H

#include "subsidy/subsidy.h"

#define TEXT_BYTES_MAX   120 /* references, documents */
#define REASON_BYTES_MAX 400
bool text_given(const char *text, size_t most);

/* ---- way.c ---- */

/* The plan that a settlement goes by; NULL where its pack says no way: it was published at once. */
const Subsidy__WayPlan *way_of(const struct jn_view *view, const Subsidy__StandingRow *standing);
void way_keep(struct jn_tables *t, uint64_t pack, const Policy__Pack *adopted);
/* The number of a pack that says a way; else 0. */
uint64_t way_pack(const struct jn_view *view, const char *id);
const Policy__WayStep *way_step(const Subsidy__WayPlan *way, uint32_t step); /* from 1; NULL behind the last */
/* Has the caller a role that does the step? */
bool way_mine(const struct jn_agency *who, const Policy__WayStep *step);
/* The last day of a term that begins today; 0 where it has none. */
int32_t way_due(const struct jn_decision *d, int32_t not_before, uint32_t days);

/* A claim, and where it stands. */
struct place {
    uint64_t claim, settlement;
    uint32_t index; /* in its settlement */
    const Subsidy__StandingRow *standing;
    const Subsidy__ApartRow *apart; /* NULL where it goes with its settlement */
    const Subsidy__WayPlan *way;    /* NULL where there is none */
    uint8_t state;
    uint32_t step;
    Subsidy__Stage stage;
};
/* False where there is no such claim. */
bool place_find(const struct jn_view *view, uint64_t claim, struct place *out);
Subsidy__Stage stage_of(const Subsidy__StandingRow *standing, const Subsidy__WayPlan *way,
                        const Subsidy__ApartRow *apart, uint8_t state);
/* Held, objected to, or returned: it does not go on with the others. */
bool place_suspended(const struct jn_view *view, const struct place *place);
/* How many of a settlement's claims go with it. */
uint32_t standing_together(const Subsidy__StandingRow *standing);

/* ---- step.c: what was computed goes on, step by step ---- */

struct moving {
    struct jn_decision *d;
    uint64_t settlement;
    const Subsidy__StandingRow *standing;
    const Subsidy__WayPlan *way;
    uint64_t claim; /* that goes on alone; 0: the settlement */
    uint32_t from;
    uint64_t *left; /* who stays behind, from the others */
    size_t left_count;
    const char *by, *reference;
    bool lapsed;
};
/* The first step of what has just been settled; published at once where the pack says no way. */
enum jn_code way_begin(struct jn_decision *d, const Subsidy__Settled *settled, const Policy__Pack *pack);
/* From its step to the next one; the notice is published with it. */
void step_on(const struct moving *moving);
/* What was returned comes back to its step, mended. */
enum jn_code hand_in_again(const struct moving *moving);
/* Who stays behind when the settlement goes on: what is suspended, and what is excepted. False where nobody would go.
 */
bool step_left(struct moving *moving, const uint64_t *except, size_t except_count);
/* A term is over: true where the step ends by that. */
bool step_lapses(struct jn_decision *d, Subsidy__Due what, uint64_t number);

/* ---- apart.c: what goes on alone ---- */

const Subsidy__ApartRow *apart_of(const struct jn_view *view, uint64_t claim);
/* A copy that may be written; as its settlement stands where it went with it so far. */
Subsidy__ApartRow apart_edit(const struct jn_view *view, const Subsidy__StandingRow *standing, uint64_t settlement,
                             uint64_t claim);
/* Keeps it, and marks the claim in `standing`, which the caller puts. */
void apart_keep(struct jn_tables *t, Subsidy__StandingRow *standing, uint64_t claim, const Subsidy__ApartRow *row);

/* ---- term.c ---- */

void term_set(struct jn_tables *t, Subsidy__Due what, uint64_t number, const Subsidy__TermRow *row);
void term_drop(struct jn_tables *t, Subsidy__Due what, uint64_t number);
const Subsidy__TermRow *term_of(const struct jn_view *view, Subsidy__Due what, uint64_t number);
/* Of a settlement's or a claim's step; term_days 0: no term. */
Subsidy__TermRow term_of_step(const Subsidy__StandingRow *standing, const Policy__WayStep *step, uint32_t number,
                              int32_t due_day);

/* ---- gate.c ---- */

/* Gates before one settlement: what they ask is read once. */
struct gating {
    const struct jn_view *view;
    int32_t today;
    uint64_t settlement;
    const Subsidy__StandingRow *standing;
    const Subsidy__WayPlan *way;
    const Subsidy__Settled *settled; /* read when first wanted */
    const Policy__Pack *pack;
    const Subsidy__Seat **seats; /* by seat; likewise */
    uint64_t released;           /* a claim whose hold ends with this command */
    bool class_sound, revoked, inspected, inspected_once;
    bool ever; /* the audit's: of what others tell, not what is so but what was so once */
};
struct gating gating_open(const struct jn_view *view, int32_t today, uint64_t settlement,
                          const Subsidy__StandingRow *standing);
/* What the claim has not passed, overrides counted: mask of policy.GateKind; 0: it may be paid. */
uint32_t gates_failed(struct gating *gating, uint32_t index);
/* Of those gates the ones that are shut, whatever was overridden. */
uint32_t gates_shut(struct gating *gating, uint32_t index, uint32_t among);
/* Which gates its pack names; and with those that stand before every claim: a hold and an objection keep it whether its
 * pack names them or not. */
uint32_t gates_named(const Subsidy__WayPlan *way);
uint32_t gates_asked(const Subsidy__WayPlan *way);
/* Those that ask for what other services tell. */
#define GATES_OF_FACTS                                                                                                 \
    (UINT32_C(1) << POLICY__GATE_KIND__INSPECTED | UINT32_C(1) << POLICY__GATE_KIND__PAYEE_ACCOUNT |                   \
     UINT32_C(1) << POLICY__GATE_KIND__IDENTITY)
const Subsidy__OverrideKept *override_of(const struct jn_view *view, uint64_t claim, Policy__GateKind gate);
/* At the gates: it is let through where nothing keeps it any more. True where it was. */
bool gates_retry(struct jn_decision *d, uint64_t claim, const char *reason);
/* Does it name a gate that asks for what another service tells? */
bool gates_ask_others(const Subsidy__WayPlan *way);
/* Apply's: a fact has come that gates ask for. */
void gates_look_again(struct jn_tables *t, const struct jn_stamp *stamp);
enum jn_code fire_gates(struct jn_decision *d, uint64_t id);
void apply_gates_swept(struct jn_tables *t, const Subsidy__GatesSwept *event, const struct jn_stamp *stamp);
/* gate_audit.c: of one settlement's claims; and of the packs. */
void gates_audit(struct jn_audit *audit, const Subsidy__Settled *settled, const Subsidy__StandingRow *standing);
void gate_plans_audit(struct jn_audit *audit);
void gates_view(const struct jn_decision *d, const struct place *place, Subsidy__ClaimView *reply);

/* ---- notice.c ---- */

enum jn_code notice_publish(struct jn_decision *d, const Subsidy__Settled *settled, uint32_t working_days);
/* A claim on a notice of its own: its timer is taken back. */
void notice_drop_alone(struct jn_tables *t, uint64_t claim, Subsidy__Stage stage, const Subsidy__ApartRow *apart);

/* ---- objection.c, case.c ---- */

bool objection_open(const struct jn_view *view, uint64_t claim);

/* What a case is about. */
enum subject_kind { SUBJECT_CLAIM = 1, SUBJECT_PERSON, SUBJECT_INSTITUTION, SUBJECT_CLASS };
struct subject {
    enum subject_kind kind;
    uint64_t number;
};
struct subject case_subject(const Subsidy__CaseView *row);
/* Open cases about the same; one more or less of them. */
uint32_t suspected(const struct jn_view *view, struct subject subject);
void suspect(struct jn_tables *t, struct subject subject, int more);
/* The institution that a claim is paid to; 0: a person is. */
uint64_t paid_institution(const Subsidy__Settled *settled, const Subsidy__SettledClaim *claim);
/* A case about a claim is seen by who sees the claim, one about a class by who sees something of it; one about a person
 * or an institution lies in no division: the whole city's keys alone see it. */
bool case_in_scope(const struct jn_decision *d, const Subsidy__CaseView *row);
/* An open case within the caller's scope; else refused. */
enum jn_code case_meant(struct jn_decision *d, uint64_t number, const Subsidy__CaseView **out);
/* Is the claim, or who or what it hangs on, under investigation? */
bool case_open(const struct jn_view *view, const Subsidy__Settled *settled, const Subsidy__SettledClaim *claim);

/* ---- way_audit.c ---- */

/* One claim of a settlement: it is in one stage, which is counted, and nowhere else. */
void way_audit_claim(struct jn_audit *audit, uint64_t settlement, const Subsidy__StandingRow *standing, uint32_t index,
                     uint64_t *stages);
/* What lists of terms, gates, objections, cases hold: neither more nor less than there is. */
void way_audit(struct jn_audit *audit);

/* ---- Commands, events, timers, queries ---- */

enum jn_code decide_confirm_claims(struct jn_decision *d, const Subsidy__ConfirmClaims *command);
enum jn_code decide_review_claims(struct jn_decision *d, const Subsidy__ReviewClaims *command);
enum jn_code decide_object(struct jn_decision *d, const Subsidy__Object *command);
enum jn_code decide_decide_objection(struct jn_decision *d, const Subsidy__DecideObjection *command);
enum jn_code decide_override_gate(struct jn_decision *d, const Subsidy__OverrideGate *command);
enum jn_code decide_open_case(struct jn_decision *d, const Subsidy__OpenCase *command);
enum jn_code decide_add_evidence(struct jn_decision *d, const Subsidy__AddEvidence *command);
enum jn_code decide_decide_case(struct jn_decision *d, const Subsidy__DecideCase *command);
enum jn_code answer_overdue(struct jn_decision *d, const Subsidy__OverdueRequest *query);
enum jn_code answer_cases(struct jn_decision *d, const Subsidy__CasesRequest *query);
enum jn_code fire_term(struct jn_decision *d, uint64_t id);
enum jn_code fire_notice_alone(struct jn_decision *d, uint64_t claim);
enum jn_code fire_sweep(struct jn_decision *d, uint64_t case_);
void apply_stepped(struct jn_tables *t, const Subsidy__Stepped *event, const struct jn_stamp *stamp);
void apply_claim_returned(struct jn_tables *t, const Subsidy__ClaimReturned *event, const struct jn_stamp *stamp);
void apply_term_over(struct jn_tables *t, const Subsidy__TermOver *event, const struct jn_stamp *stamp);
void apply_objected(struct jn_tables *t, const Subsidy__Objected *event, const struct jn_stamp *stamp);
void apply_objection_decided(struct jn_tables *t, const Subsidy__ObjectionDecided *event, const struct jn_stamp *stamp);
void apply_gate_overridden(struct jn_tables *t, const Subsidy__GateOverridden *event, const struct jn_stamp *stamp);
void apply_case_opened(struct jn_tables *t, const Subsidy__CaseOpened *event, const struct jn_stamp *stamp);
void apply_evidence_added(struct jn_tables *t, const Subsidy__EvidenceAdded *event, const struct jn_stamp *stamp);
void apply_case_decided(struct jn_tables *t, const Subsidy__CaseDecided *event, const struct jn_stamp *stamp);
void apply_claims_ended(struct jn_tables *t, const Subsidy__ClaimsEnded *event, const struct jn_stamp *stamp);
void apply_case_swept(struct jn_tables *t, const Subsidy__CaseSwept *event, const struct jn_stamp *stamp);

#endif
