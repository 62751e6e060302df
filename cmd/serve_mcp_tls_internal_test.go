package cmd

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// writeCertificate writes a certificate that signed itself, and its key.
func writeCertificate(t *testing.T, cert, key string, serial int64) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A certificate that is renewed is taken up; one that cannot be used leaves the old in force, and the log says so once.
func TestKeyPair(t *testing.T) {
	cert, key := filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	var log bytes.Buffer
	k := &keyPair{cert: cert, key: key, logger: slog.New(slog.NewTextHandler(&log, nil))}
	if _, err := k.get(nil); err == nil || !strings.Contains(err.Error(), "cert.pem") {
		t.Errorf("without files: %v", err)
	}
	next := time.Now()
	serial := func(change func()) int64 {
		t.Helper()
		change()
		next = next.Add(time.Second)
		if err := os.Chtimes(cert, next, next); err != nil {
			t.Fatal(err)
		}
		k.looked = time.Time{}
		pair, err := k.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		return pair.Leaf.SerialNumber.Int64()
	}
	if got := serial(func() { writeCertificate(t, cert, key, 1) }); got != 1 {
		t.Errorf("the first is number %d", got)
	}
	if got := serial(func() { writeCertificate(t, cert, key, 2) }); got != 2 {
		t.Errorf("the renewed one is number %d", got)
	}
	broken := func() {
		if err := os.WriteFile(cert, []byte("half of one"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := serial(broken); got != 2 || strings.Count(log.String(), "stays in force") != 1 {
		t.Errorf("a broken one: number %d is served, and the log says %s", got, log.String())
	}
	if got := serial(broken); got != 2 || strings.Count(log.String(), "stays in force") != 1 {
		t.Errorf("a broken one again: number %d is served, and the log says %s", got, log.String())
	}
	if got := serial(func() { writeCertificate(t, cert, key, 3) }); got != 3 {
		t.Errorf("after it: number %d", got)
	}
}
