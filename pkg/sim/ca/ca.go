// Package ca signs certificates as an authority does: for a sandbox, and for tests.
//
// It owns no key longer than it lives and verifies nothing (pkg/tlsfile does).
package ca

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"example.com/handover/pkg/clock"
)

// Authority signs the certificates of one sandbox or test. Its key lives in memory alone, so whoever needs another
// certificate later makes a new authority. Production has an authority of its own.
type Authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// life is how long what an Authority signs is good.
const life = 365 * 24 * time.Hour

// New returns an authority of a name.
func New(name string) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template, err := certificateFor(name)
	if err != nil {
		return nil, err
	}
	template.IsCA, template.KeyUsage = true, x509.KeyUsageCertSign|x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	return &Authority{certificate, key}, err
}

// PEM is the authority's certificate.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
}

// Issue writes name.crt and name.key into a folder: a certificate for servers and clients, good for the hosts, which are
// DNS names or IP addresses.
func (a *Authority) Issue(folder, name string, hosts ...string) error {
	return a.IssueUntil(clock.Machine{}.Now().Time().Add(life), folder, name, hosts...)
}

// IssueUntil is Issue with an end, which may be over.
func (a *Authority) IssueUntil(end time.Time, folder, name string, hosts ...string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template, err := certificateFor(name)
	if err != nil {
		return err
	}
	template.KeyUsage, template.NotAfter = x509.KeyUsageDigitalSignature, end
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := write(filepath.Join(folder, name+".key"), "PRIVATE KEY", secret); err != nil {
		return err
	}
	return write(filepath.Join(folder, name+".crt"), "CERTIFICATE", der)
}

func certificateFor(name string) (*x509.Certificate, error) {
	const bits = 120
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), bits))
	now := clock.Machine{}.Now().Time()
	return &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name}, BasicConstraintsValid: true,
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(life), // clocks of other machines may be behind
	}, err
}

// write replaces a file in one go: nobody reads half of it.
func write(path, kind string, content []byte) error {
	text := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content})
	return errors.Join(os.WriteFile(path+".next", text, 0o600), os.Rename(path+".next", path))
}
