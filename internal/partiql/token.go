package partiql

import (
	"slices"
	"strings"
)

// kind tells tokens apart.
type kind uint8

const (
	endOfStatement kind = iota
	name                // a bare identifier that is no keyword
	quotedName          // "an identifier in double quotes"
	keyword             // text in capitals
	text                // 'a string'
	number
	parameter // ?
	ion       // `an Ion literal`
	symbol    // an operator or a bracket
)

// token is one word of a statement. text is what it stands for: quotes removed, keywords in capitals.
type token struct {
	kind kind
	text string
	raw  string // as written
	pos  Pos
}

func (t token) is(k kind, text string) bool { return t.kind == k && t.text == text }

// isKeyword reports whether t is one of the given keywords.
func (t token) isKeyword(words ...string) bool {
	if t.kind != keyword {
		return false
	}
	return slices.Contains(words, t.text)
}

// keywords cannot be identifiers unless quoted. The list was found by asking the official emulator (2.6.1) for each word
// of SQL-92 and of the PartiQL specification as an attribute name, and has what the service refused beyond that in October 2026 (source of nubo-db/dynoxide
// 3.2: eleven words, of BIGINT to OFFSET); YEAR, NAME, STATUS, DATA and others are free.
var keywords = func() map[string]bool {
	set := make(map[string]bool, 300)
	for w := range strings.FieldsSeq(keywordList) {
		set[w] = true
	}
	return set
}()

const keywordList = `
ABSOLUTE ACTION ADD ALL ALLOCATE ALTER AND ANY ARE AS ASC ASSERTION AT AUTHORIZATION AVG BAG BEGIN BETWEEN BIGINT BIT
BIT_LENGTH BLOB BOOL BOOLEAN BY CAN_CAST CAN_LOSSLESS_CAST CASCADE CASCADED CASE CAST CATALOG CHAR CHARACTER CHARACTER_LENGTH
CHAR_LENGTH CHECK CLOB CLOSE COALESCE COLLATE COLLATION COLUMN COMMIT CONFLICT CONNECT CONNECTION CONSTRAINT CONSTRAINTS
CONTINUE CONVERT CORRESPONDING COUNT CREATE CROSS CURRENT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER CURSOR
DATE DATE_ADD DATE_DIFF DEALLOCATE DEC DECIMAL DECLARE DEFAULT DEFERRABLE DEFERRED DELETE DESC DESCRIBE DESCRIPTOR
DIAGNOSTICS DISCONNECT DISTINCT DO DOMAIN DOUBLE DROP ELSE END ESCAPE EXCEPT EXCEPTION EXEC EXECUTE EXISTS EXTERNAL EXTRACT
FALSE FETCH FIRST FLOAT FOR FOREIGN FOUND FROM FULL GET GLOBAL GO GOTO GRANT GROUP HAVING IDENTITY IMMEDIATE IN INDEX
INDICATOR INITIALLY INNER INPUT INSENSITIVE INSERT INT INTEGER INTEGER2 INTEGER4 INTEGER8 INTERSECT INTERVAL INTO IS
ISOLATION JOIN KEY LANGUAGE LAST LEFT LET LEVEL LIKE LIMIT LIST LOCAL LOWER MATCH MAX MIN MISSING MODIFIED MODULE NAMES
NATIONAL NATURAL NCHAR NEW NEXT NO NOT NOTHING NULL NULLIF NULLS NUMERIC OCTET_LENGTH OF OFFSET OLD ON ONLY OPEN OPTION OR
ORDER OUTER OUTPUT OVERLAPS PAD PARTIAL PIVOT POSITION PRECISION PREPARE PRESERVE PRIMARY PRIOR PRIVILEGES PROCEDURE PUBLIC
READ REAL REFERENCES RELATIVE REMOVE RESTRICT RETURNING REVOKE RIGHT ROLLBACK ROWS SCHEMA SCROLL SECTION SELECT SESSION
SESSION_USER SET SEXP SIZE SMALLINT SOME SPACE SQL SQLCODE SQLERROR SQLSTATE STRING STRUCT SUBSTRING SUM SYMBOL SYSTEM_USER
TABLE TEMPORARY THEN TIME TIMESTAMP TO TRANSACTION TRANSLATE TRANSLATION TRIM TRUE TUPLE UNION UNIQUE UNKNOWN UNPIVOT UPDATE
UPPER USAGE USER USING VALUE VALUES VARCHAR VARYING VIEW WHEN WHENEVER WHERE WITH WORK WRITE ZONE`

// callable are the keywords that may be called as functions.
var callable = map[string]bool{
	"SIZE": true, "COUNT": true, "SUM": true, "AVG": true, "MIN": true, "MAX": true, "CHAR_LENGTH": true,
	"CHARACTER_LENGTH": true, "UPPER": true, "LOWER": true, "TRIM": true, "SUBSTRING": true,
	"COALESCE": true, "NULLIF": true, "EXISTS": true, "OCTET_LENGTH": true, "BIT_LENGTH": true, "SEXP": true, "LIST": true, "BAG": true,
}

// aggregates are the functions that take exactly one argument.
var aggregates = map[string]bool{"COUNT": true, "SUM": true, "AVG": true, "MIN": true, "MAX": true}

// dataTypes may follow IS.
var dataTypes = map[string]bool{
	"MISSING": true, "NULL": true, "BOOL": true, "BOOLEAN": true, "STRING": true, "LIST": true, "TUPLE": true,
	"STRUCT": true, "BAG": true, "INT": true, "INTEGER": true, "SMALLINT": true, "DECIMAL": true, "NUMERIC": true, "FLOAT": true,
	"REAL": true, "DOUBLE": true, "BLOB": true, "CLOB": true, "CHAR": true, "CHARACTER": true, "VARCHAR": true, "SYMBOL": true,
	"SEXP": true, "DATE": true, "TIME": true, "TIMESTAMP": true,
}
