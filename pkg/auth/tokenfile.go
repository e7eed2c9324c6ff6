package auth

import (
	"context"
	"errors"
	"os"
	"strings"

	"example.com/handover/pkg/errs"
)

// TokenFile is the source of a token that somebody else renews in a file, as Kubernetes does with the tokens of
// service accounts. It is read at every use: a file that small is in the page cache.
func TokenFile(path string) TokenSource {
	return func(context.Context) (string, error) {
		text, err := os.ReadFile(path)
		token := strings.TrimSpace(string(text))
		if err == nil && token == "" {
			err = errors.New("the file is empty")
		}
		if err != nil {
			return "", errs.Wrap(err, errs.Unavailable, "UNAVAILABLE", "this service's own token cannot be read")
		}
		return token, nil
	}
}
