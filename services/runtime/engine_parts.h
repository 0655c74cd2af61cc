/* What the engine's files share: engine.c (messages), decision.c (what they may do), answers.c (commands answered
 * before), seal.c (closing a block), replay.c. */
#ifndef RUNTIME_ENGINE_PARTS_H
#define RUNTIME_ENGINE_PARTS_H

#include "runtime/engine.h"

/* ---- decision.c ---- */
struct jn_decision jn_decision_make(struct jn_fold *fold, const struct jn_agency *who);
void jn_event_apply(struct jn_fold *fold, uint32_t type, const void *message, const struct jn_stamp *stamp);

/* ---- engine.c ---- */

/* The cursors as the tables have them. */
void jn_cursors_load(struct jn_fold *fold);

/* ---- answers.c ---- */

/* A session's number and the last command it was answered, in the tables or in the block under construction. */
struct jn_session {
    struct jn_key key;
    uint64_t number, last;
    size_t touched; /* SIZE_MAX: not in this block */
};

/* False where the session is new. */
bool jn_session_find(struct jn_fold *fold, const struct jn_call *call, struct jn_session *out);
/* True where the command needs no deciding: *out says what came of it then, or why it cannot be taken. */
bool jn_answered_before(struct jn_fold *fold, const struct jn_call *call, const struct jn_session *session,
                        struct jn_result *out);
/* What the fold's reply is becomes the command's answer in the block. */
void jn_answer_remember(struct jn_fold *fold, const struct jn_call *call, struct jn_session *session);
/* The contents of the block's answers, all at once; before anybody reads them. */
void jn_contents_make(struct jn_fold *fold);
/* The block's answers and sessions become rows. */
void jn_answers_put(struct jn_fold *fold);
void jn_answers_forget(struct jn_fold *fold);

/* ---- seal.c ---- */
void jn_cursor_put(struct jn_tables *tables, const Envelope__Cursor *cursor);
void jn_mark_put(struct jn_fold *fold, const struct jn_log_head *head, uint64_t events);

/* ---- replay.c ---- */

/* After a full map: the accepted events and answers of the block under construction, once more. */
void jn_block_apply_again(struct jn_fold *fold);

#endif
