package kit

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// manifest names the databases that were made in a data folder: service to identity. Without it a file that is lost would
// be made anew beside the others, and one of another folder would be taken for ours.
type manifest struct {
	folder    string
	databases map[string]string
}

const manifestName = "databases.json"

// openManifest reads the folder's manifest. A folder without databases gets an empty one before the first is made; one
// with databases has lost it, and they are believed if none of the services' is missing.
func openManifest(folder string, services []Service) (*manifest, error) {
	m := &manifest{folder: folder, databases: map[string]string{}}
	text, err := os.ReadFile(filepath.Join(folder, manifestName))
	if err == nil {
		if err := json.Unmarshal(text, &m.databases); err != nil {
			return nil, fmt.Errorf("%s cannot be read: %w", filepath.Join(folder, manifestName), err)
		}
		return m, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	made, err := filepath.Glob(filepath.Join(folder, "*", "*.db"))
	if err != nil || len(made) == 0 {
		return m, errors.Join(err, m.write())
	}
	for _, s := range services {
		if _, err := os.Stat(m.file(s.Name)); s.migrations != nil && err != nil {
			return nil, m.missing(s.Name)
		}
	}
	return m, nil
}

func (m *manifest) file(service string) string {
	return filepath.Join(m.folder, service, service+".db")
}

func (m *manifest) missing(service string) error {
	return fmt.Errorf("%s is missing beside databases that have data: restore it from a backup, for an empty one would not fit them",
		m.file(service))
}

// expected returns the identity that a service's database must have; "" when it is still to be made.
func (m *manifest) expected(service string) (string, error) {
	identity := m.databases[service]
	if _, err := os.Stat(m.file(service)); identity != "" && errors.Is(err, fs.ErrNotExist) {
		return "", m.missing(service)
	}
	return identity, nil
}

// add notes a database that was made.
func (m *manifest) add(service, identity string) error {
	if m.databases[service] == identity {
		return nil
	}
	m.databases[service] = identity
	return m.write()
}

// write replaces the file as a whole.
func (m *manifest) write() error {
	text, err := json.MarshalIndent(m.databases, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(m.folder, manifestName)
	f, err := os.CreateTemp(m.folder, manifestName+".*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone already when it was renamed
	_, err = f.Write(append(text, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
