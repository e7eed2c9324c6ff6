package cluster

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
)

// MakeSecrets has the all-in-one's binary make the keys and certificates of a deployment.
func MakeSecrets(ctx context.Context, binary, folder string) error {
	return command(ctx, binary, "sandbox-secrets", folder)
}

// SetUpNATS has the all-in-one's binary make the streams and consumers on a server at address, with the secrets of a folder.
func SetUpNATS(ctx context.Context, binary, folder, address string, more ...string) error {
	at := func(name string) string { return filepath.Join(folder, name) }
	return command(ctx, binary, append([]string{
		"nats-setup", "--url", "nats://" + address, "--key", Key(folder, "setup"),
		"--authorities", at("ca.crt"), "--certificate", at("setup.crt"), "--certificate-key", at("setup.key"),
	}, more...)...)
}

func command(ctx context.Context, binary string, args ...string) error {
	if out, err := exec.CommandContext(ctx, binary, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", args[0], err, out)
	}
	return nil
}

// Key is the file with the key of a user of NATS, among the secrets of a folder.
func Key(folder, user string) string { return filepath.Join(folder, "nats", user+".nk") }

// Accounts is the file with everybody's rights on NATS, among the secrets of a folder.
func Accounts(folder string) string { return filepath.Join(folder, "nats.conf") }

// ServeNATS has the process of the sandbox serve NATS at an address.
func ServeNATS(f File, folder, address string) {
	f.Set("platform.nats", map[string]any{
		"listen": address, "accounts": Accounts(folder), "keys": map[string]string{"sandbox": Key(folder, "sandbox")},
		"tls": map[string]string{"certificate": filepath.Join(folder, "nats.crt"), "key": filepath.Join(folder, "nats.key")},
	})
}

// ReachNATS has a process of these services find NATS at an address.
func ReachNATS(f File, folder, address string, services ...string) {
	keys := map[string]string{}
	for _, s := range services {
		keys[s] = Key(folder, s)
	}
	f.Set("platform.nats", map[string]any{
		"url": "nats://" + address, "keys": keys, "tls": map[string]string{"authorities": filepath.Join(folder, "ca.crt")},
	})
}
