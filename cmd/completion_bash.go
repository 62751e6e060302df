package cmd

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// bashEdits are what makes cobra's script independent of the package bash-completion, which macOS and many servers do not have: the words
// of the line, and completion of files. Each text of the script is replaced as often as it is said to be there.
var bashEdits = []struct {
	old, new string
	times    int
}{
	{"_filedir", "__ddb_filedir", 5},
	{"# Macs have bash3 for which the bash-completion package doesn't include\n# _init_completion. This is a minimal version of that function.\n__ddb_init_completion()\n{\n    COMPREPLY=()\n    _get_comp_words_by_ref \"$@\" cur prev words cword\n}\n", bashWords, 1},
	{"    # Call _init_completion from the bash-completion package\n    # to prepare the arguments properly\n    if declare -F _init_completion >/dev/null 2>&1; then\n        _init_completion -n =: || return\n    else\n        __ddb_init_completion -n =: || return\n    fi\n", "    __ddb_words || return\n", 1},
}

// bashWords are functions for bash from 3.2 on, the one of macOS. From 4 on bash parts words at : and = too, and at @ and other signs; a
// key such as c#1:2 is one word for ddb.
const bashWords = `# Sets words, cword, cur and prev: what stands before the cursor, parted at blanks alone, without redirections.
# It fails where the cursor is at the file of a redirection.
__ddb_words()
{
    local line=${COMP_LINE:0:COMP_POINT} piece gap i last=-1 file=
    words=() cur='' prev='' cword=0
    for ((i = 0; i <= COMP_CWORD; i++)); do
        piece=${COMP_WORDS[i]}
        gap=${line%%[![:space:]]*}
        line=${line#"$gap"}
        if ((i == COMP_CWORD)) && [[ ${piece} == "${line}"* ]]; then
            piece=${line}
        fi
        line=${line#"$piece"}
        if [[ ${piece} == *[\<\>]* && ${piece} != *[!0-9\<\>\&\|]* ]]; then
            if ((last >= 0)) && [[ -z ${gap} && ${words[last]} != *[!0-9\&]* ]]; then
                unset "words[last]"
                last=$((last - 1))
            fi
            file=next
        elif [[ ${file} == next ]]; then
            file=named
        elif [[ -z ${gap} && ${file} == named ]]; then
            continue
        elif [[ -z ${gap} ]] && ((last >= 0)); then
            words[last]+=${piece}
            file=''
        else
            last=$((last + 1))
            words[last]=${piece}
            file=''
        fi
    done
    [[ -z ${file} ]] && ((last > 0)) || return 1
    cword=${last}
    cur=${words[last]}
    prev=${words[last-1]}
}

# Completes folders (-d), or files that end with one of the extensions a|b and folders.
__ddb_filedir()
{
    if declare -F _filedir >/dev/null 2>&1; then
        _filedir "$@"
        return
    fi
    local found extension
    while IFS='' read -r found; do
        COMPREPLY+=("$found")
    done < <(
        compgen -d -- "${cur}"
        if [[ ${1-} != -d ]]; then
            for extension in ${1//|/ }; do
                compgen -f -X "!*.${extension}" -- "${cur}"
            done
        fi
    )
    if [[ $(type -t compopt) == builtin ]]; then
        compopt -o filenames
    fi
}
`

// BashCompletion writes the completion script of bash.
func BashCompletion(root *cobra.Command, w io.Writer) error {
	var b bytes.Buffer
	if err := root.GenBashCompletionV2(&b, true); err != nil {
		return err
	}
	script := b.String()
	for _, e := range bashEdits {
		if n := strings.Count(script, e.old); n != e.times {
			return fmt.Errorf("the completion script has %d times instead of %d: %s", n, e.times, e.old)
		}
		script = strings.ReplaceAll(script, e.old, e.new)
	}
	_, err := io.WriteString(w, script)
	return err
}
