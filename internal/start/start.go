// Package start lets a program begin small: without a garbage collection, and without the pages that only its set-up needed. What the packages it is made of set up before main comes to 5 MB,
// which crosses the collector's first threshold of 4 MB by a little: a collection that finds nothing, and that ddb --version
// would pay for with up to 1 MB. Its variable is set before those of most packages, which come in the order of their paths.
package start

import "runtime/debug"

// roomy is the collector's headroom, in percent, until main runs: the first threshold is then at 8 MB.
const roomy = 200

var usual = debug.SetGCPercent(roomy)

// Done gives the collector back the headroom it had, that of GOGC where it is set. A program calls it before it does any work.
func Done() { debug.SetGCPercent(usual) }
