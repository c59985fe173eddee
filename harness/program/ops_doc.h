/* ops_doc.h: the tables of ops.h as a document and as a dictionary. */
#ifndef OPS_DOC_H
#define OPS_DOC_H

#include <stdio.h>

/* docs/OPS.md. */
void ops_print_markdown(FILE *out);
/* Tokens of the text form for libFuzzer and AFL++ (-dict=, -x). */
void ops_print_dictionary(FILE *out);

#endif
