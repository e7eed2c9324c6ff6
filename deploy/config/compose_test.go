package config_test

import (
	"maps"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"example.com/handover/deploy/config"
	"example.com/handover/pkg/kit"
)

// root is the repository's.
const root = "../.."

// composition is what the tests read of docker-compose.yml.
type composition struct {
	Services map[string]struct {
		Image string
		Build struct {
			Dockerfile string
			Args       map[string]string
		}
		Command []string
		Volumes []string
		Secrets []string
	}
	Volumes map[string]any
	Secrets map[string]struct{ File string }
}

func readComposition(t *testing.T) composition {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docker-compose.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var c composition
	if err := yaml.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestComposeRunsEveryServiceOnItsShippedFile(t *testing.T) {
	c := readComposition(t)
	for name := range services() {
		s, there := c.Services[name]
		if !there {
			t.Errorf("there is no container of %s", name)
			continue
		}
		if s.Build.Args["SERVICE"] != name || s.Build.Dockerfile != "deploy/docker/Dockerfile" {
			t.Errorf("%s builds %v", name, s.Build)
		}
		if want := "./deploy/config/compose/" + name + ".yaml:/etc/handover/config.yaml:ro"; !slices.Contains(s.Volumes, want) {
			t.Errorf("%s does not mount %s", name, want)
		}
	}
}

func TestComposeNamesNothingThatIsMissing(t *testing.T) {
	c := readComposition(t)
	for name, s := range c.Services {
		for _, volume := range s.Volumes {
			from, _, _ := strings.Cut(volume, ":")
			if strings.HasPrefix(from, "./") {
				exists(t, name, filepath.Join(root, from))
			} else if _, declared := c.Volumes[from]; !declared {
				t.Errorf("%s uses the volume %s, which is not declared", name, from)
			}
		}
		for _, secret := range s.Secrets {
			exists(t, name, filepath.Join(root, c.Secrets[secret].File))
		}
	}
}

func exists(t *testing.T, who, path string) {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		t.Errorf("%s needs %v", who, err)
	}
}

// Whom a container's configuration names must be a container of the composition, at the port where it listens.
func TestComposeReachesItsPeers(t *testing.T) {
	c := readComposition(t)
	for name := range services() {
		loaded, err := kit.Load(filepath.Join("compose", name+".yaml"))
		if err != nil && !strings.Contains(err.Error(), "/run/secrets") {
			t.Fatal(err)
		}
		for peer, address := range loaded.Platform.Peers {
			host, port, err := net.SplitHostPort(address)
			if _, there := c.Services[host]; err != nil || !there || host != peer || port != "9090" {
				t.Errorf("%s looks for %s at %s", name, peer, address)
			}
		}
	}
	said := regexp.MustCompile(`(?m)://([a-z]+):(\d+)|address: ([a-z]+):(\d+)$`)
	for name := range services() {
		text, err := config.Files().ReadFile("compose/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range said.FindAllStringSubmatch(string(text), -1) {
			if host := found[1] + found[3]; c.Services[host].Image == "" && c.Services[host].Build.Dockerfile == "" {
				t.Errorf("%s looks for %s, which is no container", name, host)
			}
		}
	}
}

// The image is built with the release of Go that the product needs.
func TestImageHasTheRightGo(t *testing.T) {
	module, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	image, err := os.ReadFile(filepath.Join(root, "deploy", "docker", "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	needs := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(module)
	if needs == nil || !strings.Contains(string(image), "FROM golang:"+string(needs[1])+"-") {
		t.Errorf("go.mod needs %q", needs)
	}
	if len(slices.Collect(maps.Keys(readComposition(t).Services))) < len(services()) {
		t.Error("the composition lacks services")
	}
}
