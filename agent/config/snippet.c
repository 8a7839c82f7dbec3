/* SPDX-License-Identifier: Apache-2.0 */
#include "snippet.h"

#include "document.h"
#include "hidden.h"
#include "report.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/utf8.h"

#include <string.h>

/* Of a longer line, the part around the mark is shown; of one that nobody wrote by
 * hand, nothing. */
enum { SHOWN_MAX_WIDTH = 120, SHOWN_BEFORE_MARK = 40, LINE_MAX_SIZE = 2000 };

#define STYLE_MARK "\033[1;32m"
#define STYLE_NONE "\033[0m"

/* A character as it is shown, or all that is hidden in one place. */
struct cell {
	const char *text;
	size_t size;
	unsigned int first, last; /* columns that it stands for */
	unsigned int width;       /* columns that it takes */
};

/* Walks along a line, from cell to cell. */
struct walk {
	struct hidden hidden;
	unsigned int column;
	const char *at, *end;
};

static size_t step(struct walk *walk)
{
	size_t length = utf8_length(walk->at, (size_t)(walk->end - walk->at));

	walk->column++;
	walk->at += length > 0 ? length : 1;
	return length;
}

static struct cell hidden_cell(struct walk *walk)
{
	struct cell cell = { "***", 3, walk->column, walk->column, 3 };

	while (walk->at < walk->end && hidden_at(&walk->hidden, walk->column)) {
		cell.last = walk->column;
		step(walk);
	}
	return cell;
}

static bool walk_next(struct walk *walk, struct cell *ret_cell)
{
	struct cell cell = { walk->at, 0, walk->column, walk->column, 1 };

	if (walk->at == walk->end)
		return false;
	if (hidden_at(&walk->hidden, walk->column)) {
		*ret_cell = hidden_cell(walk);
		return true;
	}
	cell.size = step(walk);
	if (cell.size == 0 || (cell.size == 2 && (unsigned char)cell.text[0] == 0xc2 &&
				      (unsigned char)cell.text[1] < 0xa0)) {
		cell.text = "\xef\xbf\xbd";
		cell.size = 3;
	} else if (cell.size == 1 && *cell.text != '\t' &&
		   ((unsigned char)*cell.text < ' ' || *cell.text == 0x7f)) {
		cell.text = "?";
	}
	*ret_cell = cell;
	return true;
}

/* How far from the left the mark would begin. */
static unsigned int mark_offset(struct walk walk, unsigned int column)
{
	unsigned int offset = 0;
	struct cell cell;

	while (walk_next(&walk, &cell) && cell.last < column)
		offset += cell.width;
	return offset;
}

/* The line and the marks below it, as they grow. */
struct drawing {
	const struct problem *problem;
	struct buffer line, marks;
	size_t marks_size; /* without the spaces behind the last mark */
	bool is_marked;
};

static void drawing_finish(struct drawing *drawing)
{
	buffer_finish(&drawing->line);
	buffer_finish(&drawing->marks);
}

static void draw_mark(struct drawing *drawing, unsigned int width)
{
	for (unsigned int i = 0; i < width; i++) {
		buffer_append_byte(&drawing->marks, drawing->is_marked ? '~' : '^');
		drawing->is_marked = true;
	}
	drawing->marks_size = drawing->marks.size;
}

static void draw_cell(struct drawing *drawing, const struct cell *cell)
{
	unsigned int begin = drawing->problem->place.column;
	unsigned int end = begin + drawing->problem->width;

	buffer_append(&drawing->line, cell->text, cell->size);
	if (cell->last >= begin && cell->first < end) {
		draw_mark(drawing, cell->width);
		return;
	}
	/* A tab is as wide below as above. */
	for (unsigned int i = 0; i < cell->width; i++)
		buffer_append_byte(&drawing->marks, cell->text[0] == '\t' ? '\t' : ' ');
}

static void draw(struct drawing *drawing, struct walk walk)
{
	static const struct cell dots = { "...", 3, 0, 0, 3 };
	unsigned int offset = mark_offset(walk, drawing->problem->place.column);
	unsigned int skipped = 0, drawn = 0;
	struct cell cell;

	while (offset > SHOWN_MAX_WIDTH - SHOWN_BEFORE_MARK &&
		skipped < offset - SHOWN_BEFORE_MARK && walk_next(&walk, &cell))
		skipped += cell.width;
	if (skipped > 0)
		draw_cell(drawing, &dots);
	while (drawn < SHOWN_MAX_WIDTH && walk_next(&walk, &cell)) {
		draw_cell(drawing, &cell);
		drawn += cell.width;
	}
	if (walk.at < walk.end)
		draw_cell(drawing, &dots);
	else if (!drawing->is_marked)
		draw_mark(drawing, 1);
}

void snippet_append(const struct document *document, const struct problem *problem,
	bool colour, struct buffer *to)
{
	CLEANUP(drawing_finish) struct drawing drawing = { .problem = problem };
	struct walk walk = { .column = 1 };
	size_t size;

	if (document->n_masks > DOCUMENT_MAX_MASKS ||
		!document_line(document, problem->place.line, &walk.at, &size) ||
		size > LINE_MAX_SIZE)
		return;
	walk.end = walk.at + size;
	hidden_init(&walk.hidden, document, problem->place.line);
	draw(&drawing, walk);
	buffer_append_format(to, "%5u | ", problem->place.line);
	buffer_append(to, drawing.line.data, drawing.line.size);
	buffer_append_format(to, "\n      | %s", colour ? STYLE_MARK : "");
	buffer_append(to, drawing.marks.data, drawing.marks_size);
	buffer_append_format(to, "%s\n", colour ? STYLE_NONE : "");
	if (buffer_failed(&drawing.line) || buffer_failed(&drawing.marks))
		to->failed = true;
}
