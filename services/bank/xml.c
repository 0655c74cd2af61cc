/* XML read as a stream. */
#include "bank/xml.h"

#include <stdio.h>
#include <string.h>

#include <libxml/xmlreader.h>

#include "bank/parts.h"
#include "runtime/code.h"

/* camt.053 goes some 15 deep. Attributes of one element are compared with one another: a tag must not be long. */
#define DEPTH_MAX     32
#define TAG_BYTES_MAX 4096
#define PATH_MAX_     1024

#define OPTIONS                                                                                                        \
    (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC | XML_PARSE_BIG_LINES |          \
     XML_PARSE_COMPACT)

struct reading {
    xmlTextReaderPtr reader;
    const char *space;
    const struct xml_step *steps;
    size_t count;
    void *context;
    struct bank_fault *fault;
    uint64_t seen; /* bit n: step n was there, in what it is part of */
    char path[PATH_MAX_];
    size_t path_length;
    char text[BANK_FIELD_MAX + 1];
    size_t text_length;
    bool too_long;
};

/* ---- Before libxml2 sees it ---- */

static size_t
line_at(const char *text, const char *at)
{
    size_t line = 1;

    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

/* The end of what begins here, past its last byte; NULL where it has none, or is what we do not take. */
static const char *
skip_markup(const char *at, const char **what)
{
    const char *begin = at, *end;

    *what = "not well-formed XML 不是格式良好的XML";
    if (!strncmp(at, "<!--", 4))
        return (end = strstr(at + 4, "-->")) ? end + 3 : NULL;
    if (!strncmp(at, "<![CDATA[", 9))
        return (end = strstr(at, "]]>")) ? end + 3 : NULL;
    if (!strncmp(at, "<?", 2))
        return (end = strstr(at, "?>")) ? end + 2 : NULL;
    if (at[1] == '!') {
        *what = "a DOCTYPE is not taken 不接受DOCTYPE";
        return NULL;
    }
    for (; *at && *at != '>'; at++) {
        if ((*at == '"' || *at == '\'') && !(at = strchr(at + 1, *at)))
            return NULL;
        if (at - begin > TAG_BYTES_MAX) {
            *what = "a tag is too long 标签过长";
            return NULL;
        }
    }
    return *at ? at + 1 : NULL;
}

static bool
looks_fit(const struct bank_bytes *text, struct bank_fault *fault)
{
    const char *at = text->bytes, *what = "", *next;

    while ((at = strchr(at, '<')) != NULL) {
        next = skip_markup(at, &what);
        if (!next)
            return bank_malformed(fault, line_at(text->bytes, at), what);
        at = next;
    }
    return true;
}

static xmlTextReaderPtr
reader_open(const struct bank_bytes *text)
{
    JN_ASSERT(text->length <= 2 * BANK_FILE_BYTES_MAX);
    return xmlReaderForMemory(text->bytes, (int)text->length, NULL, "UTF-8", OPTIONS);
}

/* ---- Paths ---- */

static bool
path_push(struct reading *in, const char *prefix, const char *name)
{
    int length = snprintf(in->path + in->path_length, sizeof(in->path) - in->path_length, "%s%s%s",
                          in->path_length ? "/" : "", prefix, name);

    if (length < 0 || (size_t)length >= sizeof(in->path) - in->path_length)
        return false;
    in->path_length += (size_t)length;
    return true;
}

static void
path_pop(struct reading *in)
{
    char *slash = strrchr(in->path, '/');

    in->path_length = slash ? (size_t)(slash - in->path) : 0;
    in->path[in->path_length] = '\0';
}

static const struct xml_step *
step_here(const struct reading *in)
{
    for (size_t i = 0; i < in->count; i++)
        if (!strcmp(in->steps[i].path, in->path))
            return &in->steps[i];
    return NULL;
}

/* What is part of this element may be there again in the next one. */
static void
forget_parts(struct reading *in)
{
    for (size_t i = 0; i < in->count; i++)
        if (!strncmp(in->steps[i].path, in->path, in->path_length) && in->steps[i].path[in->path_length] == '/')
            in->seen &= ~(UINT64_C(1) << i);
}

static size_t
line_now(const struct reading *in)
{
    xmlNodePtr node = xmlTextReaderCurrentNode(in->reader);
    long line = node ? xmlGetLineNo(node) : 0;

    return line > 0 ? (size_t)line : 0;
}

static bool
seen_once(struct reading *in, const struct xml_step *step)
{
    uint64_t bit = UINT64_C(1) << (step - in->steps);

    if (in->seen & bit && !step->many)
        return bank_malformed(in->fault, line_now(in), step->path);
    in->seen |= bit;
    return true;
}

/* ---- Elements ---- */

static bool
take_attributes(struct reading *in)
{
    bool good = true;

    while (good && xmlTextReaderMoveToNextAttribute(in->reader) == 1) {
        const char *name = (const char *)xmlTextReaderConstLocalName(in->reader);
        const char *value = (const char *)xmlTextReaderConstValue(in->reader);
        const struct xml_step *step;

        if (xmlTextReaderIsNamespaceDecl(in->reader) == 1 || xmlTextReaderConstNamespaceUri(in->reader))
            continue;
        if (!path_push(in, "@", name))
            return bank_malformed(in->fault, line_now(in), "a name is too long 名称过长");
        step = step_here(in);
        if (step && strlen(value) > BANK_FIELD_MAX)
            good = bank_malformed(in->fault, line_now(in), step->path);
        else if (step && step->take)
            good = seen_once(in, step) && step->take(in->context, value);
        path_pop(in);
    }
    xmlTextReaderMoveToElement(in->reader);
    return good;
}

static bool
take_end(struct reading *in)
{
    const struct xml_step *step = step_here(in);
    bool good = true;

    if (step && step->take) {
        char *text = in->text;

        while (in->text_length > 0 && strchr(" \t\r\n", text[in->text_length - 1]))
            text[--in->text_length] = '\0';
        if (in->too_long)
            return bank_malformed(in->fault, line_now(in), step->path);
        good = step->take(in->context, text + strspn(text, " \t\r\n"));
    }
    if (good && step && step->end)
        good = step->end(in->context);
    forget_parts(in);
    path_pop(in);
    in->text[in->text_length = 0] = '\0';
    return good;
}

static bool
take_begin(struct reading *in)
{
    const char *space = (const char *)xmlTextReaderConstNamespaceUri(in->reader);
    const char *name = (const char *)xmlTextReaderConstLocalName(in->reader);
    bool empty = xmlTextReaderIsEmptyElement(in->reader) == 1;
    const struct xml_step *step;

    /* What belongs to another namespace is nobody's path. */
    if (!path_push(in, space && !strcmp(space, in->space) ? "" : "?", name))
        return bank_malformed(in->fault, line_now(in), "a name is too long 名称过长");
    in->text[in->text_length = 0] = '\0';
    in->too_long = false;
    step = step_here(in);
    if (step && !seen_once(in, step))
        return false;
    if (step && step->begin && !step->begin(in->context, line_now(in)))
        return false;
    return take_attributes(in) && (!empty || take_end(in));
}

static void
take_text(struct reading *in)
{
    const char *value = (const char *)xmlTextReaderConstValue(in->reader);
    size_t length = value ? strlen(value) : 0;

    if (in->text_length + length > BANK_FIELD_MAX) {
        in->too_long = true;
        return;
    }
    if (length > 0)
        memcpy(in->text + in->text_length, value, length + 1);
    in->text_length += length;
}

static bool
take_node(struct reading *in)
{
    int type = xmlTextReaderNodeType(in->reader);

    if (xmlTextReaderDepth(in->reader) >= DEPTH_MAX)
        return bank_malformed(in->fault, line_now(in), "elements lie too deep 元素嵌套过深");
    if (type == XML_READER_TYPE_ELEMENT)
        return take_begin(in);
    if (type == XML_READER_TYPE_END_ELEMENT)
        return take_end(in);
    if (type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA ||
        type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE || type == XML_READER_TYPE_WHITESPACE)
        take_text(in);
    if (type == XML_READER_TYPE_DOCUMENT_TYPE || type == XML_READER_TYPE_ENTITY_REFERENCE)
        return bank_malformed(in->fault, line_now(in), "a DOCTYPE is not taken 不接受DOCTYPE");
    return true;
}

bool
bank_xml_read(const struct bank_bytes *text, const char *space, const struct xml_step *steps, size_t count,
              void *context, struct bank_fault *fault)
{
    struct reading in = {.space = space, .steps = steps, .count = count, .context = context, .fault = fault};
    bool good;
    int more;

    JN_ASSERT(count <= XML_STEPS_MAX);
    if (!looks_fit(text, fault))
        return false;
    in.reader = reader_open(text);
    JN_ASSERT(in.reader);
    while ((more = xmlTextReaderRead(in.reader)) == 1 && (good = take_node(&in)))
        ;
    if (more == 1) {
        xmlFreeTextReader(in.reader);
        return false;
    }
    good = more == 0;
    if (!good)
        bank_malformed(fault, (size_t)xmlTextReaderGetParserLineNumber(in.reader),
                       "not well-formed XML 不是格式良好的XML");
    xmlFreeTextReader(in.reader);
    return good;
}

const char *
bank_xml_namespace(struct jn_arena *arena, const struct bank_bytes *text, struct bank_fault *fault)
{
    xmlTextReaderPtr reader;
    const char *space = NULL;

    if (!looks_fit(text, fault))
        return NULL;
    reader = reader_open(text);
    JN_ASSERT(reader);
    while (xmlTextReaderRead(reader) == 1) {
        if (xmlTextReaderNodeType(reader) != XML_READER_TYPE_ELEMENT)
            continue;
        space = (const char *)xmlTextReaderConstNamespaceUri(reader);
        space = jn_arena_print(arena, "%s", space ? space : "");
        break;
    }
    xmlFreeTextReader(reader);
    if (!space)
        bank_malformed(fault, 1, "not well-formed XML 不是格式良好的XML");
    return space;
}
