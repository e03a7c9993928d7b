package main

import (
	"os"

	"github.com/tasknet/tasknet/polls"
	"github.com/tasknet/tasknet/rewards"
	"github.com/tasknet/tasknet/rewards/eth"
)

// keyFromEnv reads where a key of the chain is from the variables whose names begin with name. Without any of them the
// key is empty.
func keyFromEnv(name string) (eth.Key, error) {
	key := eth.Key{
		File: os.Getenv(name + "_FILE"), PassphraseFile: os.Getenv(name + "_PASSPHRASE_FILE"),
		Secret: eth.Secret(os.Getenv(name)), Signer: os.Getenv(name + "_SIGNER"),
	}
	if account := os.Getenv(name + "_ACCOUNT"); account != "" {
		address, err := polls.ParseWallet(account)
		if err != nil {
			return eth.Key{}, usagef("%s_ACCOUNT is the address that the signer signs for, 0x and 40 hex digits", name)
		}
		key.Account = rewards.Address(address)
	}
	return key, nil
}
