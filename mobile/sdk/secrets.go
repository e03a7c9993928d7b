package sdk

import (
	"fmt"

	"github.com/tasknet/tasknet/server/client"
)

// SecureStore keeps secrets by name, as the platform's keystore does. Get returns nothing for a name that was not set. It is
// called while a session is opened, when its wallet is backed up, and when its device is replaced; by the thread that calls.
type SecureStore interface {
	Get(name string) (string, error)
	Set(name, secret string) error
	Delete(name string) error
}

// Names under which a SecureStore keeps the two keys, as 64 hex digits.
const (
	WalletSecret = "tasknet.wallet"
	DeviceSecret = "tasknet.device"
)

// RestoreWallet puts a wallet's key from a backup, 64 hex digits, where the next session finds it. The device gets a key of its
// own. It does not replace another wallet: that would lose its money.
func RestoreWallet(secrets SecureStore, wallet string) error {
	made, err := client.NewKeys()
	if err != nil {
		return typed(err)
	}
	_, device := made.Secrets()
	keys, err := client.ParseKeys(wallet, device)
	if err != nil {
		return errWallet
	}
	wallet, _ = keys.Secrets() // as it is compared
	before, err := secrets.Get(WalletSecret)
	if err != nil {
		return typed(fmt.Errorf("read the wallet's key: %w", err))
	}
	if before == wallet {
		return nil
	}
	if before != "" {
		return errHasWallet
	}
	if err := secrets.Delete(DeviceSecret); err != nil { // that of another wallet
		return typed(fmt.Errorf("delete the device's key: %w", err))
	}
	return typed(secrets.Set(WalletSecret, wallet))
}

// loadKeys reads the keys from the store, and makes those that are not there. Keys are made only when the store said that there
// are none: one that fails is no reason to become somebody else.
func loadKeys(secrets SecureStore) (client.Keys, error) {
	made, err := client.NewKeys()
	if err != nil {
		return client.Keys{}, err
	}
	newWallet, newDevice := made.Secrets()
	wallet, err := loadSecret(secrets, WalletSecret, newWallet)
	if err != nil {
		return client.Keys{}, err
	}
	device, err := loadSecret(secrets, DeviceSecret, newDevice)
	if err != nil {
		return client.Keys{}, err
	}
	keys, err := client.ParseKeys(wallet, device)
	if err != nil {
		return client.Keys{}, errKeys
	}
	return keys, nil
}

func loadSecret(secrets SecureStore, name, made string) (string, error) {
	secret, err := secrets.Get(name)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", name, err)
	}
	if secret != "" {
		return secret, nil
	}
	if err := secrets.Set(name, made); err != nil {
		return "", fmt.Errorf("keep %s: %w", name, err)
	}
	return made, nil
}
