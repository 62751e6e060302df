package dynamo

import (
	"bytes"
	"crypto/x509"
	"io"
	"os"
	"slices"
	"sync"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// rootFiles are where most systems without a certificate store of their own kind keep their CA roots in one file. Which
// of them is read, and what else there is, is crypto/x509's affair: here they only tell that there are roots.
var rootFiles = []string{
	"/etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Alpine, Arch
	"/etc/pki/tls/certs/ca-bundle.crt",   // Fedora, Amazon Linux
	"/etc/ssl/ca-bundle.pem",             // openSUSE
	"/etc/ssl/cert.pem",                  // Alpine, the BSDs, macOS
}

// ensureRoots brings the compiled-in CA roots into play where the system has none, as in an image made from scratch.
// To read the system's roots costs 6 ms and 2 MB, so that they are there is seen by a file that begins with one: a
// connection to a port of loopback needs none of them, and one to AWS reads them in the handshake.
var ensureRoots = sync.OnceFunc(func() {
	if haveRoots(rootFiles) {
		return
	}
	if system, err := x509.SystemCertPool(); err == nil && !system.Equal(x509.NewCertPool()) {
		return
	}
	pool := x509.NewCertPool()
	for root := range bundle.Roots() {
		cert, err := x509.ParseCertificate(root.Certificate)
		if err != nil {
			continue // the bundle is checked when it is made; the rest serve
		}
		if root.Constraint == nil {
			pool.AddCert(cert)
		} else {
			pool.AddCertWithConstraint(cert, root.Constraint)
		}
	}
	x509.SetFallbackRoots(pool)
})

// haveRoots tells whether one of the files has a certificate in its first bytes.
func haveRoots(files []string) bool { return slices.ContainsFunc(files, hasCertificate) }

func hasCertificate(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	head := make([]byte, 16<<10) // comments may come first
	n, _ := io.ReadFull(f, head)
	return bytes.Contains(head[:n], []byte("-----BEGIN CERTIFICATE-----"))
}
