// Command crypto signs, encrypts and hashes.
package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
)

func main() {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	fmt.Println(ed25519.Verify(public, []byte("m"), ed25519.Sign(private, []byte("m"))), err)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	digest := sha256.Sum256([]byte("m"))
	signature, _ := ecdsa.SignASN1(rand.Reader, key, digest[:])
	fmt.Println(ecdsa.VerifyASN1(&key.PublicKey, digest[:], signature), err)
	block, err := aes.NewCipher(make([]byte, 32))
	sealer, _ := cipher.NewGCM(block)
	fmt.Printf("%x %x %v\n", sealer.Seal(nil, make([]byte, 12), []byte("m"), nil), sha512.Sum512(digest[:]), err)
}
