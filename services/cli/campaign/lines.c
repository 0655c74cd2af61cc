/* A sheet's text taken apart by libcsv, its header matched, its rows handed on cell by cell.
 *
 * Bounds. A cell: 64 KiB, which is 3,400 absent people on one sheet. A row: 256 KiB and 64 cells. A file: 1 GiB, which
 * is 8 million roster rows of 130 bytes; its rows are counted in 32 bits, and 2^30 bytes hold fewer rows than that. */
#include "cli/campaign/reader.h"

#include <csv.h>
#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#define CELL_BYTES_MAX ((size_t)64 << 10)
#define ROW_BYTES_MAX  ((size_t)256 << 10)
#define ROW_CELLS_MAX  64
#define CHUNK_BYTES    ((size_t)64 << 10)
/* Every line end is told, so that lines can be counted; quotation marks stand as RFC 4180 has them. */
#define PARSER_OPTIONS (CSV_REPALL_NL | CSV_STRICT | CSV_STRICT_FINI)

/* A file on its way through the parser. */
struct reading {
    struct reader *reader;
    const struct sheet *sheet;
    bool stopped;
    bool headed;               /* the header has been read */
    int column[ROW_CELLS_MAX]; /* of the file's cells: the sheet's own column */
    size_t width;              /* cells of the header */
    uint32_t line;             /* where the current row begins */
    uint32_t newlines;         /* inside its quoted cells */
    bool skipping;             /* the rest of a row that was given up */
    int last_end;              /* the last line end, so that CR LF counts once */
    size_t cells, bytes;
    size_t unreadable; /* the first cell of the row that is no text; ROW_CELLS_MAX where all are */
    size_t at[ROW_CELLS_MAX];
    char text[ROW_BYTES_MAX];
};

static void
stop_here(struct reading *in, const char *column, const char *reason)
{
    if (!in->stopped)
        sheet_stop(in->reader, in->line, column, reason);
    in->stopped = true;
}

/* Text in UTF-8 without characters that steer; line breaks and tabs, which spreadsheets allow in a cell, become blanks.
 */
static bool
readable(char *text, size_t length)
{
    for (size_t i = 0; i < length;) {
        unsigned char byte = (unsigned char)text[i];
        unsigned long value;
        int used;

        if (byte < 0x80) {
            if (byte == '\n' || byte == '\r' || byte == '\t')
                text[i] = ' ';
            else if (byte < 0x20 || byte == 0x7F)
                return false;
            i++;
            continue;
        }
        used = UTF8_getc((const unsigned char *)text + i, (int)(length - i), &value);
        if (used <= 0 || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF) || value < 0xA0)
            return false;
        i += (size_t)used;
    }
    return true;
}

static uint32_t
newlines_in(const char *text, size_t length)
{
    uint32_t count = 0;

    for (size_t i = 0; i < length; i++)
        count += text[i] == '\n' || (text[i] == '\r' && (i + 1 == length || text[i + 1] != '\n'));
    return count;
}

/* libcsv hands over a cell. */
static void
on_cell(void *cell, size_t length, void *context)
{
    struct reading *in = context;
    char *text;

    if (in->stopped)
        return;
    if (in->cells == ROW_CELLS_MAX || length > CELL_BYTES_MAX || in->bytes + length + 1 > ROW_BYTES_MAX) {
        stop_here(in, "",
                  "the row is too long: a quotation mark is probably not closed; close it "
                  "行过长，可能有引号未闭合，请检查后重新提交");
        return;
    }
    text = in->text + in->bytes;
    memcpy(text, cell, length);
    in->newlines += newlines_in(text, length);
    if (!readable(text, length) && in->unreadable == ROW_CELLS_MAX)
        in->unreadable = in->cells;
    while (length > 0 && text[length - 1] == ' ')
        length--;
    text[length] = '\0';
    in->at[in->cells++] = in->bytes + strspn(text, " ");
    in->bytes += length + 1;
}

static int
column_named(const struct sheet *sheet, const char *header)
{
    for (size_t i = 0; i < sheet->columns_count; i++)
        if (!strcmp(sheet->columns[i].name, header) || !strcmp(sheet->columns[i].zh, header))
            return (int)i;
    return -1;
}

static void
match_column(struct reading *in, size_t at)
{
    const char *header = in->text + in->at[at];
    const char **known = in->reader->headers[in->reader->file];
    int column;

    if (in->unreadable == at) {
        stop_here(in, "",
                  "the header is no UTF-8 text: save the sheet as \"CSV UTF-8\" "
                  "表头不是UTF-8编码，请另存为“CSV UTF-8”格式");
        return;
    }
    column = column_named(in->sheet, header);
    if (column < 0)
        stop_here(in, header, "unknown column: remove it or put its name right 未知的列，请删除或更正列名");
    else if (known[column])
        stop_here(in, header, "the column is there twice: remove one 列名重复，请删除其一");
    else
        known[column] = arena_copy(&in->reader->arena, header);
    in->column[at] = column;
}

static void
match_header(struct reading *in)
{
    const char **known = in->reader->headers[in->reader->file];

    size_t known_cells = 0;

    in->headed = true;
    in->width = in->cells;
    for (size_t i = 0; i < in->cells; i++)
        known_cells += column_named(in->sheet, in->text + in->at[i]) >= 0;
    /* Then it is a row of data, and its cells are not to be shown. */
    if (known_cells == 0 && in->unreadable == ROW_CELLS_MAX)
        stop_here(in, "", "the first row is no header of this sheet: add one 首行不是本表表头，请补充");
    for (size_t i = 0; i < in->cells && !in->stopped; i++)
        match_column(in, i);
    for (size_t i = 0; i < in->sheet->columns_count && !in->stopped; i++) {
        const struct column *column = &in->sheet->columns[i];
        char both[96];

        if (known[i])
            continue;
        snprintf(both, sizeof(both), "%s %s", column->name, column->zh);
        known[i] = column->name;
        if (column->required)
            stop_here(in, both, "the column is missing: add it 缺少该列，请补充");
    }
}

static void
use_row(struct reading *in)
{
    struct row row = {.reader = in->reader, .sheet = in->sheet, .line = in->line};

    for (size_t i = 0; i < in->sheet->columns_count; i++)
        row.cells[i] = "";
    if (in->cells != in->width) {
        reject(&row, -1, "the row has more or fewer cells than the header 单元格数与表头不符", NULL);
        return;
    }
    if (in->unreadable < ROW_CELLS_MAX) {
        reject(&row, in->column[in->unreadable], "no readable UTF-8 text 不是可读的UTF-8文本", NULL);
        return;
    }
    for (size_t i = 0; i < in->cells; i++)
        row.cells[in->column[i]] = in->text + in->at[i];
    in->sheet->use(&row);
}

/* A line of blanks alone is no row; a single cell that was quoted and empty cannot be told from it, nor need it be. */
static bool
blank_line(const struct reading *in)
{
    return in->cells == 0 || (in->cells == 1 && in->text[in->at[0]] == '\0');
}

/* libcsv tells of a line end, or with -1 of the file's. */
static void
on_row(int end, void *context)
{
    struct reading *in = context;
    bool second_half = end == '\n' && in->last_end == '\r' && in->cells == 0;

    in->last_end = end;
    if (in->stopped || second_half)
        return;
    if (!blank_line(in)) {
        if (in->headed)
            use_row(in);
        else
            match_header(in);
    }
    in->line += 1 + in->newlines;
    in->cells = in->bytes = 0;
    in->newlines = 0;
    in->unreadable = ROW_CELLS_MAX;
}

/* A quotation mark inside a cell that is not quoted, or text behind a closing one: the row is lost, and the next line
 * begins afresh. Where the row has run over lines already, a mark was left open somewhere and nobody can say which rows
 * it took. */
static void
on_stray_mark(struct reading *in, const struct csv_parser *parser)
{
    struct row row = {.reader = in->reader, .sheet = in->sheet, .line = in->line};

    if (!in->headed || in->newlines || newlines_in((const char *)parser->entry_buf, parser->entry_pos)) {
        stop_here(in, "", "a quotation mark is not closed: close it 引号未闭合，请检查后重新提交");
        return;
    }
    reject(&row, -1,
           "a stray quotation mark: quote the whole cell and double the mark "
           "引号使用有误，请将整个单元格加引号并将其中的引号写两次",
           NULL);
    in->cells = in->bytes = 0;
    in->unreadable = ROW_CELLS_MAX;
    in->skipping = true;
}

/* Passes over the rest of a line that was given up; the number of bytes that were. */
static size_t
skip_line(struct reading *in, const char *text, size_t length)
{
    size_t used = 0;

    while (used < length && text[used] != '\n' && text[used] != '\r')
        used++;
    if (used == length)
        return length;
    in->skipping = false;
    in->line++;
    in->last_end = text[used];
    return used + 1;
}

static void
parse_chunk(struct reading *in, struct csv_parser *parser, const char *text, size_t length)
{
    while (length > 0 && !in->stopped) {
        size_t used = in->skipping ? skip_line(in, text, length) : csv_parse(parser, text, length, on_cell, on_row, in);

        text += used;
        length -= used;
        if (csv_error(parser) == CSV_EPARSE && length > 0) {
            on_stray_mark(in, parser);
            csv_free(parser);
            csv_init(parser, PARSER_OPTIONS);
        } else if (length > 0 && !in->skipping && csv_error(parser) != CSV_SUCCESS) {
            stop_here(in, "", "out of memory 内存不足");
        }
    }
    if (parser->entry_pos > CELL_BYTES_MAX)
        stop_here(in, "",
                  "a cell is too long: a quotation mark is probably not closed; close it "
                  "单元格过长，可能有引号未闭合，请检查后重新提交");
}

bool
sheet_parse(struct reader *reader, const struct sheet *sheet, FILE *file, EVP_MD_CTX *digest)
{
    /* One folder is read at a time; the row's text is too large for the stack. */
    static struct reading in;
    static char chunk[CHUNK_BYTES];
    struct csv_parser parser;
    bool first = true;
    size_t length;

    memset(&in, 0, offsetof(struct reading, text));
    in.reader = reader;
    in.sheet = sheet;
    in.line = 1;
    in.unreadable = ROW_CELLS_MAX;
    csv_init(&parser, PARSER_OPTIONS);
    while (!in.stopped && (length = fread(chunk, 1, sizeof(chunk), file)) > 0) {
        size_t skip = first && length >= 3 && !memcmp(chunk, "\xEF\xBB\xBF", 3) ? 3 : 0;

        first = false;
        EVP_DigestUpdate(digest, chunk, length);
        parse_chunk(&in, &parser, chunk + skip, length - skip);
    }
    if (!in.stopped && ferror(file))
        stop_here(&in, "", "the file cannot be read to its end 文件读取失败");
    if (!in.stopped && csv_fini(&parser, on_cell, on_row, &in))
        stop_here(&in, "", "the quotation mark of the last cell is not closed: close it 引号未闭合，请检查后重新提交");
    csv_free(&parser);
    if (!in.stopped && !in.headed)
        stop_here(&in, "", "the sheet has no header: add one 文件没有表头，请补充");
    return !in.stopped;
}
