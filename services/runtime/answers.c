/* Commands that were answered before: a session's window, and the place of each answer. */
#include "runtime/engine_parts.h"

#include <string.h>

#include "runtime/sm3.h"

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

/* ---- Contents: 16 bytes of SM3 over method and body ---- */

/* Of what is longer the content is made at once, so that a block's bodies are not all kept. */
#define CONTENT_LATER_MAX 1024

static struct jn_slice
content_text(struct jn_arena *arena, const struct jn_call *call)
{
    size_t name = strlen(call->method->name) + 1;
    uint8_t *bytes = jn_arena_take(arena, name + call->body.length);

    memcpy(bytes, call->method->name, name);
    if (call->body.length > 0)
        memcpy(bytes + name, call->body.bytes, call->body.length);
    return (struct jn_slice){bytes, name + call->body.length};
}

/* In its answer's memory, which waits for it. */
static void
content_make(Envelope__Answer *answer, struct jn_slice *text)
{
    struct jn_hash whole;

    if (!text->bytes)
        return;
    jn_sm3(text->bytes, text->length, &whole);
    memcpy(answer->content.data, whole.bytes, answer->content.len);
    text->bytes = NULL;
}

void
jn_contents_make(struct jn_fold *fold)
{
    struct jn_sm3_text texts[JN_SM3_LANES];
    struct jn_hash whole[JN_SM3_LANES];

    for (size_t i = 0; i < fold->answers_count;) {
        size_t places[JN_SM3_LANES], count = 0;

        for (; i < fold->answers_count && count < JN_SM3_LANES; i++) {
            if (!fold->contents[i].bytes)
                continue;
            texts[count].head_length = 0;
            texts[count].body = fold->contents[i].bytes;
            texts[count].body_length = fold->contents[i].length;
            places[count++] = i;
        }
        jn_sm3_texts(texts, count, whole);
        for (size_t k = 0; k < count; k++) {
            memcpy(fold->answers[places[k]]->content.data, whole[k].bytes, 16);
            fold->contents[places[k]].bytes = NULL;
        }
    }
}

/* ---- What the block has answered ---- */

/* Where the answer's place stands, or would. */
static uint16_t *
place_of(struct jn_fold *fold, uint64_t session, uint64_t sequence)
{
    const size_t most = sizeof(fold->places) / sizeof(fold->places[0]);
    size_t at = (size_t)((session * UINT64_C(0x9e3779b97f4a7c15) + sequence % JN_WINDOW) % most);

    for (; fold->places[at]; at = (at + 1) % most) {
        size_t answer = fold->places[at] - 1u;

        if (fold->numbers[answer] == session && fold->answers[answer]->sequence % JN_WINDOW == sequence % JN_WINDOW)
            break;
    }
    return &fold->places[at];
}

void
jn_answers_forget(struct jn_fold *fold)
{
    if (fold->answers_count > 0)
        memset(fold->places, 0, sizeof(fold->places));
    fold->answers_count = 0;
}

/* ---- What was answered before ---- */

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

/* What came of the command whose answer that is, where the content is its own. */
static void
answer_again(struct jn_fold *fold, const struct jn_call *call, const Runtime__CommandRow *row, struct jn_result *out)
{
    struct jn_slice text = content_text(&fold->message, call);
    struct jn_hash whole;

    jn_sm3(text.bytes, text.length, &whole);
    if (row->content.len != 16 || memcmp(row->content.data, whole.bytes, 16) != 0) {
        *out = (struct jn_result){.code = JN_CONFLICT,
                                  .reason = "this command number came with other content before; use a new number"};
        return;
    }
    *out = (struct jn_result){.code = JN_OK, .reason = "", .block = row->block};
    if (!stored_reply(fold, row->block, row->answer, &out->body))
        *out = (struct jn_result){.code = JN_UNAVAILABLE,
                                  .reason = "it was done, but the log does not have its answer any more as it was "
                                            "written; have its operator run jineng verify"};
}

/* The row that the answer in the block is going to be, or the one that stands; NULL where there is none. */
static const Runtime__CommandRow *
command_row(struct jn_fold *fold, uint64_t session, uint64_t sequence)
{
    struct jn_key key = JN_KEY(session, sequence % JN_WINDOW);
    size_t place = *place_of(fold, session, sequence);
    Runtime__CommandRow *row;

    if (place == 0)
        return jn_own_get(fold->tables, TABLE_COMMAND, &key);
    place--;
    content_make(fold->answers[place], &fold->contents[place]);
    row = jn_arena_take(&fold->message, sizeof(*row));
    runtime__command_row__init(row);
    row->sequence = fold->answers[place]->sequence;
    row->content = fold->answers[place]->content;
    row->block = fold->log->head.block + 1;
    row->answer = (uint32_t)place;
    return row;
}

bool
jn_answered_before(struct jn_fold *fold, const struct jn_call *call, const struct jn_session *session,
                   struct jn_result *out)
{
    const Runtime__CommandRow *row;

    /* Beyond all that was answered: it is new. */
    if (call->sequence > session->last)
        return false;
    row = command_row(fold, session->number, call->sequence);
    if (row && row->sequence == call->sequence) {
        answer_again(fold, call, row, out);
        return true;
    }
    if (session->last >= JN_WINDOW && call->sequence <= session->last - JN_WINDOW) {
        *out = (struct jn_result){.code = JN_TOO_OLD,
                                  .reason = "the number lies before the window of 4,096; ask what came of it"};
        return true;
    }
    return false;
}

static void
session_touch(struct jn_fold *fold, const struct jn_call *call, struct jn_session *session)
{
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
}

void
jn_answer_remember(struct jn_fold *fold, const struct jn_call *call, struct jn_session *session)
{
    Envelope__Answer *answer = jn_arena_take(&fold->block, sizeof(*answer));
    size_t place = fold->answers_count++;

    session_touch(fold, call, session);
    envelope__answer__init(answer);
    answer->key = (ProtobufCBinaryData){JN_KEY_BYTES, jn_arena_copy(&fold->block, call->who->key, JN_KEY_BYTES)};
    answer->session = (ProtobufCBinaryData){16, jn_arena_copy(&fold->block, call->session.bytes, 16)};
    answer->sequence = call->sequence;
    answer->content = (ProtobufCBinaryData){16, jn_arena_take(&fold->block, 16)};
    answer->reply =
        (ProtobufCBinaryData){fold->reply.length, jn_arena_copy(&fold->block, fold->reply.bytes, fold->reply.length)};
    *place_of(fold, session->number, call->sequence) = (uint16_t)(place + 1);
    fold->answers[place] = answer;
    fold->numbers[place] = session->number;
    if (call->body.length > CONTENT_LATER_MAX) {
        fold->contents[place] = content_text(&fold->message, call);
        content_make(answer, &fold->contents[place]);
    } else {
        fold->contents[place] = content_text(&fold->block, call);
    }
}

void
jn_answers_put(struct jn_fold *fold)
{
    for (size_t i = 0; i < fold->answers_count; i++) {
        const struct jn_key key = JN_KEY(fold->numbers[i], fold->answers[i]->sequence % JN_WINDOW);
        Runtime__CommandRow row = RUNTIME__COMMAND_ROW__INIT;

        row.sequence = fold->answers[i]->sequence;
        row.content = fold->answers[i]->content;
        row.block = fold->log->head.block + 1;
        row.answer = (uint32_t)i;
        jn_own_put(fold->tables, TABLE_COMMAND, &key, &row);
    }
    for (size_t i = 0; i < fold->touched_count; i++) {
        Runtime__SessionRow row = RUNTIME__SESSION_ROW__INIT;

        row.number = fold->touched[i];
        row.last = fold->touched_last[i];
        jn_own_put(fold->tables, TABLE_SESSION, &fold->touched_key[i], &row);
    }
}
