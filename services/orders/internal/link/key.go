package link

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// keyFile lies in the service's own folder.
const keyFile = "link.key"

// OpenKey reads the key of a development deployment from its folder, and makes it the first time. The file appears
// complete or not at all, and nobody else can read it.
func OpenKey(folder string) (string, error) {
	path := filepath.Join(folder, keyFile)
	text, err := os.ReadFile(path)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return strings.TrimSpace(string(text)), err
	}
	key := make([]byte, MinKey)
	if _, err := rand.Read(key); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(folder, keyFile+".*") // readable by its owner alone
	if err != nil {
		return "", err
	}
	made := hex.EncodeToString(key)
	_, err = f.WriteString(made + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return made, os.Rename(f.Name(), path)
}
