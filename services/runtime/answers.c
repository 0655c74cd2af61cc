/* Commands that were answered before: a session's window, and the place of each answer. */
#include "runtime/engine_parts.h"

#include <stdlib.h>
#include <string.h>

static struct jn_key
session_key(const struct jn_call *call)
{
    struct jn_key key = {.length = JN_KEY_BYTES + 16};

    memcpy(key.bytes, call->who->key, JN_KEY_BYTES);
    memcpy(key.bytes + JN_KEY_BYTES, call->session.bytes, 16);
    return key;
}

bool
jn_session_find(struct jn_fold *fold, const struct jn_call *call, struct jn_session *out)
{
    const Runtime__SessionRow *row;

    *out = (struct jn_session){.key = session_key(call), .touched = SIZE_MAX};
    for (size_t i = fold->touched_count; i-- > 0;) {
        if (memcmp(fold->touched_key[i].bytes, out->key.bytes, out->key.length) != 0)
            continue;
        out->number = fold->touched[i];
        out->last = fold->touched_last[i];
        out->touched = i;
        return true;
    }
    row = jn_own_get(fold->tables, TABLE_SESSION, &out->key);
    if (!row)
        return false;
    out->number = row->number;
    out->last = row->last;
    return true;
}

void
jn_content_of(const struct jn_call *call, uint8_t out[16])
{
    struct jn_hash whole;
    size_t name = strlen(call->method->name) + 1;
    uint8_t stack[4096], *bytes = stack;

    if (name + call->body.length > sizeof(stack))
        bytes = malloc(name + call->body.length);
    JN_ASSERT(bytes);
    memcpy(bytes, call->method->name, name);
    if (call->body.length > 0)
        memcpy(bytes + name, call->body.bytes, call->body.length);
    jn_sm3(bytes, name + call->body.length, &whole);
    if (bytes != stack)
        free(bytes);
    memcpy(out, whole.bytes, 16);
}

/* The private part of a stored block, where it is the one that the block's header was made over. */
static const Envelope__BlockPrivate *
stored_private(struct jn_fold *fold, const Envelope__Block *block)
{
    Envelope__BlockHeader *header =
        envelope__block_header__unpack(&fold->message.allocator, block->header.len, block->header.data);
    struct jn_hash hash;

    jn_sm3(block->private_.data, block->private_.len, &hash);
    if (!header || header->private_hash.len != JN_HASH_BYTES ||
        memcmp(header->private_hash.data, hash.bytes, JN_HASH_BYTES) != 0)
        return NULL;
    return envelope__block_private__unpack(&fold->message.allocator, block->private_.len, block->private_.data);
}

/* False where the log does not have it as it was written. */
static bool
stored_reply(struct jn_fold *fold, uint64_t number, uint32_t answer, struct jn_slice *out)
{
    const Envelope__BlockPrivate *private;
    const void *bytes;
    size_t length;
    Envelope__Block *block;

    if (number > fold->log->head.block) {
        JN_ASSERT(answer < fold->answers_count);
        *out = (struct jn_slice){fold->answers[answer]->reply.data, fold->answers[answer]->reply.len};
        return true;
    }
    block = fold->log->read(fold->log, number, &bytes, &length) ? envelope__block__unpack(NULL, length, bytes) : NULL;
    fold->log->end_read(fold->log);
    private = block ? stored_private(fold, block) : NULL;
    if (block)
        envelope__block__free_unpacked(block, NULL);
    if (!private || answer >= private->n_answers)
        return false;
    *out = (struct jn_slice){private->answers[answer]->reply.data, private->answers[answer]->reply.len};
    return true;
}

bool
jn_answered_before(struct jn_fold *fold, const struct jn_call *call, const struct jn_session *session,
                   const uint8_t content[16], struct jn_result *out)
{
    struct jn_key key = JN_KEY(session->number, call->sequence % JN_WINDOW);
    const Runtime__CommandRow *row = jn_own_get(fold->tables, TABLE_COMMAND, &key);

    if (row && row->sequence == call->sequence) {
        if (row->content.len != 16 || memcmp(row->content.data, content, 16) != 0) {
            *out = (struct jn_result){.code = JN_CONFLICT,
                                      .reason = "this command number came with other content before; use a new number"};
            return true;
        }
        *out = (struct jn_result){.code = JN_OK, .reason = "", .block = row->block};
        if (!stored_reply(fold, row->block, row->answer, &out->body))
            *out = (struct jn_result){.code = JN_UNAVAILABLE,
                                      .reason = "it was done, but the log does not have its answer any more as it was "
                                                "written; have its operator run jineng verify"};
        return true;
    }
    if (session->last >= JN_WINDOW && call->sequence <= session->last - JN_WINDOW) {
        *out = (struct jn_result){.code = JN_TOO_OLD,
                                  .reason = "the number lies before the window of 4,096; ask what came of it"};
        return true;
    }
    return false;
}

void
jn_answer_remember(struct jn_fold *fold, const struct jn_call *call, struct jn_session *session,
                   const uint8_t content[16])
{
    Envelope__Answer *answer = jn_arena_take(&fold->block, sizeof(*answer));
    Runtime__CommandRow row = RUNTIME__COMMAND_ROW__INIT;
    struct jn_key key;

    if (session->number == 0)
        session->number = ++fold->tables->counters[JN_COUNTER_SESSIONS];
    if (session->touched == SIZE_MAX) {
        session->touched = fold->touched_count++;
        fold->touched_key[session->touched] = session->key;
    }
    if (call->sequence > session->last)
        session->last = call->sequence;
    fold->touched[session->touched] = session->number;
    fold->touched_last[session->touched] = session->last;

    envelope__answer__init(answer);
    answer->key = (ProtobufCBinaryData){JN_KEY_BYTES, jn_arena_copy(&fold->block, call->who->key, JN_KEY_BYTES)};
    answer->session = (ProtobufCBinaryData){16, jn_arena_copy(&fold->block, call->session.bytes, 16)};
    answer->sequence = call->sequence;
    answer->content = (ProtobufCBinaryData){16, jn_arena_copy(&fold->block, content, 16)};
    answer->reply =
        (ProtobufCBinaryData){fold->reply.length, jn_arena_copy(&fold->block, fold->reply.bytes, fold->reply.length)};
    row.sequence = call->sequence;
    row.content = answer->content;
    row.block = fold->log->head.block + 1;
    row.answer = (uint32_t)fold->answers_count;
    fold->answers[fold->answers_count++] = answer;
    key = JN_KEY(session->number, call->sequence % JN_WINDOW);
    jn_own_put(fold->tables, TABLE_COMMAND, &key, &row);
}

void
jn_sessions_put(struct jn_fold *fold)
{
    for (size_t i = 0; i < fold->touched_count; i++) {
        Runtime__SessionRow row = RUNTIME__SESSION_ROW__INIT;

        row.number = fold->touched[i];
        row.last = fold->touched_last[i];
        jn_own_put(fold->tables, TABLE_SESSION, &fold->touched_key[i], &row);
    }
}
