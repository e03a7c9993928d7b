package app

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestSecret(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys", "receipt")
	made, err := secret(file)
	if err != nil || len(made) != secretSize || bytes.Equal(made, make([]byte, secretSize)) {
		t.Fatalf("a new secret: %x, %v", made, err)
	}
	again, err := secret(file)
	if err != nil || !bytes.Equal(made, again) {
		t.Errorf("read again: %x, %v; want %x", again, err, made)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v; want mode 600", info.Mode(), err)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*"))
	if err != nil || len(left) != 1 {
		t.Errorf("left in the folder: %v, %v", left, err)
	}
}

// TestSecretAfterADeath is a process that died while it wrote its first secret: no name stands for half a secret.
func TestSecretAfterADeath(t *testing.T) {
	file := filepath.Join(t.TempDir(), "receipt")
	if err := os.WriteFile(file+".tmp", bytes.Repeat([]byte("ab"), 40), 0o600); err != nil {
		t.Fatal(err)
	}
	made, err := secret(file)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := secret(file); err != nil || !bytes.Equal(made, again) {
		t.Errorf("read again: %x, %v; want %x", again, err, made)
	}
}

func TestSecretRefusesAnother(t *testing.T) {
	for name, text := range map[string]string{"empty": "", "short": "abcd\n", "not hex": string(bytes.Repeat([]byte("xy"), secretSize))} {
		file := filepath.Join(t.TempDir(), "receipt")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if value, err := secret(file); err == nil {
			t.Errorf("%s: %x, want an error", name, value)
		}
	}
}
