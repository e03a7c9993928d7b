// Code generated via abigen V2 - DO NOT EDIT.
// This file is a generated binding and any manual changes will be lost.

package contract

import (
	"bytes"
	"errors"
	"math/big"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/accounts/abi/bind/v2"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

// Reference imports to suppress errors if they are not otherwise used.
var (
	_ = bytes.Equal
	_ = errors.New
	_ = big.NewInt
	_ = common.Big1
	_ = types.BloomLookup
	_ = abi.ConvertType
)

// VaultMetaData contains all meta data concerning the Vault contract.
var VaultMetaData = bind.MetaData{
	ABI: "[{\"type\":\"constructor\",\"inputs\":[{\"name\":\"token_\",\"type\":\"address\",\"internalType\":\"contractIERC20\"},{\"name\":\"poster_\",\"type\":\"address\",\"internalType\":\"address\"}],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"claim\",\"inputs\":[{\"name\":\"account\",\"type\":\"address\",\"internalType\":\"address\"},{\"name\":\"cumulative\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"proof\",\"type\":\"bytes32[]\",\"internalType\":\"bytes32[]\"}],\"outputs\":[],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"claimMany\",\"inputs\":[{\"name\":\"accounts\",\"type\":\"address[]\",\"internalType\":\"address[]\"},{\"name\":\"cumulatives\",\"type\":\"uint256[]\",\"internalType\":\"uint256[]\"},{\"name\":\"proof\",\"type\":\"bytes32[]\",\"internalType\":\"bytes32[]\"},{\"name\":\"flags\",\"type\":\"bool[]\",\"internalType\":\"bool[]\"}],\"outputs\":[],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"claimed\",\"inputs\":[{\"name\":\"account\",\"type\":\"address\",\"internalType\":\"address\"}],\"outputs\":[{\"name\":\"cumulative\",\"type\":\"uint256\",\"internalType\":\"uint256\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"claimedOf\",\"inputs\":[{\"name\":\"accounts\",\"type\":\"address[]\",\"internalType\":\"address[]\"}],\"outputs\":[{\"name\":\"cumulatives\",\"type\":\"uint256[]\",\"internalType\":\"uint256[]\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"deposit\",\"inputs\":[{\"name\":\"ref\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"amount\",\"type\":\"uint256\",\"internalType\":\"uint256\"}],\"outputs\":[],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"deposited\",\"inputs\":[],\"outputs\":[{\"name\":\"\",\"type\":\"uint128\",\"internalType\":\"uint128\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"epoch\",\"inputs\":[],\"outputs\":[{\"name\":\"\",\"type\":\"uint64\",\"internalType\":\"uint64\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"firstBlock\",\"inputs\":[],\"outputs\":[{\"name\":\"\",\"type\":\"uint256\",\"internalType\":\"uint256\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"newest\",\"inputs\":[],\"outputs\":[{\"name\":\"epoch_\",\"type\":\"uint64\",\"internalType\":\"uint64\"},{\"name\":\"root_\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"total\",\"type\":\"uint256\",\"internalType\":\"uint256\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"paid\",\"inputs\":[],\"outputs\":[{\"name\":\"\",\"type\":\"uint128\",\"internalType\":\"uint128\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"postRoot\",\"inputs\":[{\"name\":\"epoch_\",\"type\":\"uint64\",\"internalType\":\"uint64\"},{\"name\":\"root_\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"},{\"name\":\"total\",\"type\":\"uint256\",\"internalType\":\"uint256\"}],\"outputs\":[],\"stateMutability\":\"nonpayable\"},{\"type\":\"function\",\"name\":\"poster\",\"inputs\":[],\"outputs\":[{\"name\":\"\",\"type\":\"address\",\"internalType\":\"address\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"promised\",\"inputs\":[],\"outputs\":[{\"name\":\"\",\"type\":\"uint128\",\"internalType\":\"uint128\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"root\",\"inputs\":[],\"outputs\":[{\"name\":\"\",\"type\":\"bytes32\",\"internalType\":\"bytes32\"}],\"stateMutability\":\"view\"},{\"type\":\"function\",\"name\":\"token\",\"inputs\":[],\"outputs\":[{\"name\":\"\",\"type\":\"address\",\"internalType\":\"contractIERC20\"}],\"stateMutability\":\"view\"},{\"type\":\"event\",\"name\":\"Deposited\",\"inputs\":[{\"name\":\"ref\",\"type\":\"bytes32\",\"indexed\":true,\"internalType\":\"bytes32\"},{\"name\":\"from\",\"type\":\"address\",\"indexed\":true,\"internalType\":\"address\"},{\"name\":\"amount\",\"type\":\"uint256\",\"indexed\":false,\"internalType\":\"uint256\"}],\"anonymous\":false},{\"type\":\"event\",\"name\":\"RootPosted\",\"inputs\":[{\"name\":\"epoch\",\"type\":\"uint64\",\"indexed\":true,\"internalType\":\"uint64\"},{\"name\":\"root\",\"type\":\"bytes32\",\"indexed\":false,\"internalType\":\"bytes32\"},{\"name\":\"total\",\"type\":\"uint256\",\"indexed\":false,\"internalType\":\"uint256\"}],\"anonymous\":false},{\"type\":\"error\",\"name\":\"MerkleProofInvalidMultiproof\",\"inputs\":[]},{\"type\":\"error\",\"name\":\"ReentrancyGuardReentrantCall\",\"inputs\":[]},{\"type\":\"error\",\"name\":\"SafeERC20FailedOperation\",\"inputs\":[{\"name\":\"token\",\"type\":\"address\",\"internalType\":\"address\"}]},{\"type\":\"error\",\"name\":\"VaultBadAmount\",\"inputs\":[{\"name\":\"amount\",\"type\":\"uint256\",\"internalType\":\"uint256\"}]},{\"type\":\"error\",\"name\":\"VaultBadBatch\",\"inputs\":[{\"name\":\"accounts\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"cumulatives\",\"type\":\"uint256\",\"internalType\":\"uint256\"}]},{\"type\":\"error\",\"name\":\"VaultBadProof\",\"inputs\":[]},{\"type\":\"error\",\"name\":\"VaultNotPoster\",\"inputs\":[{\"name\":\"account\",\"type\":\"address\",\"internalType\":\"address\"}]},{\"type\":\"error\",\"name\":\"VaultNothingToClaim\",\"inputs\":[{\"name\":\"account\",\"type\":\"address\",\"internalType\":\"address\"}]},{\"type\":\"error\",\"name\":\"VaultOverpaid\",\"inputs\":[{\"name\":\"paid\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"promised\",\"type\":\"uint256\",\"internalType\":\"uint256\"}]},{\"type\":\"error\",\"name\":\"VaultTotalShrinks\",\"inputs\":[{\"name\":\"before\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"given\",\"type\":\"uint256\",\"internalType\":\"uint256\"}]},{\"type\":\"error\",\"name\":\"VaultUnderfunded\",\"inputs\":[{\"name\":\"total\",\"type\":\"uint256\",\"internalType\":\"uint256\"},{\"name\":\"deposited\",\"type\":\"uint256\",\"internalType\":\"uint256\"}]},{\"type\":\"error\",\"name\":\"VaultWrongEpoch\",\"inputs\":[{\"name\":\"expected\",\"type\":\"uint64\",\"internalType\":\"uint64\"},{\"name\":\"given\",\"type\":\"uint64\",\"internalType\":\"uint64\"}]}]",
	ID:  "Vault",
	Bin: "0x60e060405234801561000f575f5ffd5b5060405161160d38038061160d83398101604081905261002e91610060565b6001600160a01b039182166080521660a0524360c052610098565b6001600160a01b038116811461005d575f5ffd5b50565b5f5f60408385031215610071575f5ffd5b825161007c81610049565b602084015190925061008d81610049565b809150509250929050565b60805160a05160c0516115216100ec5f395f61010e01525f818161018d01526109b501525f81816102c70152818161030801528181610388015281816103d1015281816105cc015261088e01526115215ff3fe608060405234801561000f575f5ffd5b50600436106100f0575f3560e01c8063900cf0cf11610093578063e17e13f211610063578063e17e13f21461028d578063ebf0c717146102a0578063eef49ee3146102a8578063fc0c546a146102c2575f5ffd5b8063900cf0cf14610210578063c884ef831461023b578063c92c6fbc1461025a578063d86a872c1461026d575f5ffd5b80633d13f874116100ce5780633d13f8741461017557806380959721146101885780638a3af1ba146101c75780638bdbdac1146101da575f5ffd5b80631de26e16146100f4578063231b026814610109578063295b4e1714610143575b5f5ffd5b61010761010236600461119d565b6102e9565b005b6101307f000000000000000000000000000000000000000000000000000000000000000081565b6040519081526020015b60405180910390f35b60015461015d90600160801b90046001600160801b031681565b6040516001600160801b03909116815260200161013a565b61010761018336600461121f565b610542565b6101af7f000000000000000000000000000000000000000000000000000000000000000081565b6040516001600160a01b03909116815260200161013a565b6101076101d5366004611274565b610602565b6002545f54600154604080516001600160401b03909416845260208401929092526001600160801b03169082015260600161013a565b600254610223906001600160401b031681565b6040516001600160401b03909116815260200161013a565b61013061024936600461133e565b60036020525f908152604090205481565b60015461015d906001600160801b031681565b61028061027b366004611357565b6108e4565b60405161013a9190611395565b61010761029b3660046113d7565b6109aa565b6101305f5481565b60025461015d90600160401b90046001600160801b031681565b6101af7f000000000000000000000000000000000000000000000000000000000000000081565b6102f1610b7c565b6040516370a0823160e01b81523060048201525f907f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316906370a0823190602401602060405180830381865afa158015610355573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906103799190611414565b90506103b06001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016333085610bb3565b6040516370a0823160e01b81523060048201525f9082906001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016906370a0823190602401602060405180830381865afa158015610416573d5f5f3e3d5ffd5b505050506040513d601f19601f8201168201806040525081019061043a9190611414565b610444919061143f565b90505f8111801561047c575060025461046f906001600160801b03600160401b909104811690611452565b6001600160801b03168111155b81906104a75760405163028f0cf760e41b815260040161049e91815260200190565b60405180910390fd5b5080600260088282829054906101000a90046001600160801b03166104cc9190611471565b92506101000a8154816001600160801b0302191690836001600160801b03160217905550336001600160a01b0316847f87d4c0b5e30d6808bc8a94ba1c4d839b29d664151551a31753387ee9ef48429b8360405161052c91815260200190565b60405180910390a3505061053e610be9565b5050565b61054a610b7c565b61056082825f5461055b8888610c13565b610c6d565b61057d576040516301da168960e71b815260040160405180910390fd5b5f6105888585610c84565b905084816105b5576040516327c90e3160e21b81526001600160a01b03909116600482015260240161049e565b506105bf81610cd8565b6105f36001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000168683610d5e565b506105fc610be9565b50505050565b61060a610b7c565b86801580159061061957508086145b819087906106435760405163f605aac760e01b81526004810192909252602482015260440161049e565b50505f816001600160401b0381111561065e5761065e611490565b604051908082528060200260200182016040528015610687578160200160208202803683370190505b5090505f5b82811015610701576106dc8b8b838181106106a9576106a96114a4565b90506020020160208101906106be919061133e565b8a8a848181106106d0576106d06114a4565b90506020020135610c13565b8282815181106106ee576106ee6114a4565b602090810291909101015260010161068c565b50610711868686865f5486610d98565b61072e576040516301da168960e71b815260040160405180910390fd5b5f826001600160401b0381111561074757610747611490565b604051908082528060200260200182016040528015610770578160200160208202803683370190505b5090505f805b84811015610813576107c68d8d83818110610793576107936114a4565b90506020020160208101906107a8919061133e565b8c8c848181106107ba576107ba6114a4565b90506020020135610c84565b8382815181106107d8576107d86114a4565b6020026020010181815250508281815181106107f6576107f66114a4565b60200260200101518261080991906114b8565b9150600101610776565b5061081d81610cd8565b5f5b848110156108cd575f83828151811061083a5761083a6114a4565b602002602001015111156108c5576108c58d8d8381811061085d5761085d6114a4565b9050602002016020810190610872919061133e565b848381518110610884576108846114a4565b60200260200101517f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316610d5e9092919063ffffffff16565b60010161081f565b50505050506108da610be9565b5050505050505050565b6060816001600160401b038111156108fe576108fe611490565b604051908082528060200260200182016040528015610927578160200160208202803683370190505b5090505f5b828110156109a35760035f858584818110610949576109496114a4565b905060200201602081019061095e919061133e565b6001600160a01b03166001600160a01b031681526020019081526020015f2054828281518110610990576109906114a4565b602090810291909101015260010161092c565b5092915050565b336001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000168114610a0057604051637b0d848b60e01b81526001600160a01b03909116600482015260240161049e565b50600254610a18906001600160401b031660016114cb565b6002546001600160401b039182168583161491610a37911660016114cb565b849091610a6a57604051630275adf760e11b81526001600160401b0392831660048201529116602482015260440161049e565b50506001546001600160801b03168181811015610aab57604051633c075ded60e01b81526001600160801b039092166004830152602482015260440161049e565b50506002548190600160401b90046001600160801b031680821115610af557604051636087a9b560e01b815260048101929092526001600160801b0316602482015260440161049e565b50506002805467ffffffffffffffff19166001600160401b0385169081179091555f839055600180546fffffffffffffffffffffffffffffffff19166001600160801b03841617905560408051848152602081018490527f1cea392bfc3b2a6354298c520a779ed4cd01b7eb00427c5494a50e3c0c6774d4910160405180910390a2505050565b610b84610db3565b610bb160017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005b90610df3565b565b610bc1848484846001610dfa565b6105fc57604051635274afe760e01b81526001600160a01b038516600482015260240161049e565b610bb15f7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00610bab565b604080516001600160a01b03841660208201529081018290525f9060600160408051601f19818403018152828252805160209182012090830152016040516020818303038152906040528051906020012090505b92915050565b5f82610c7a868685610e67565b1495945050505050565b6001600160a01b0382165f90815260036020526040812054808311610cac575f915050610c67565b6001600160a01b0384165f908152600360205260409020839055610cd0818461143f565b949350505050565b6001545f90610cf8908390600160801b90046001600160801b03166114b8565b60015490915081906001600160801b031680821115610d3c576040516374e27acb60e01b815260048101929092526001600160801b0316602482015260440161049e565b5050600180546001600160801b03928316600160801b02921691909117905550565b610d6b8383836001610ea8565b610d9357604051635274afe760e01b81526001600160a01b038416600482015260240161049e565b505050565b5f82610da78888888887610f0a565b14979650505050505050565b7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005c15610bb157604051633ee5aeb560e01b815260040160405180910390fd5b80825d5050565b6040516323b872dd60e01b5f8181526001600160a01b038781166004528616602452604485905291602083606481808c5af1925060015f51148316610e56578383151615610e4a573d5f823e3d81fd5b5f883b113d1516831692505b604052505f60605295945050505050565b5f81815b84811015610e9f57610e9582878784818110610e8957610e896114a4565b9050602002013561116e565b9150600101610e6b565b50949350505050565b60405163a9059cbb60e01b5f8181526001600160a01b038616600452602485905291602083604481808b5af1925060015f51148316610efe578383151615610ef2573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b80515f9083610f1a8160016114b8565b610f2488846114b8565b14610f4257604051631a8a024960e11b815260040160405180910390fd5b801561111e575f816001600160401b03811115610f6157610f61611490565b604051908082528060200260200182016040528015610f8a578160200160208202803683370190505b5090505f8080805b858110156110d3575f878510610fcc578584610fad816114ea565b955081518110610fbf57610fbf6114a4565b6020026020010151610ff2565b8985610fd7816114ea565b965081518110610fe957610fe96114a4565b60200260200101515b90505f8c8c84818110611007576110076114a4565b905060200201602081019061101c9190611502565b611049578e8e8561102c816114ea565b965081811061103d5761103d6114a4565b905060200201356110a0565b88861061107a57868561105b816114ea565b96508151811061106d5761106d6114a4565b60200260200101516110a0565b8a86611085816114ea565b975081518110611097576110976114a4565b60200260200101515b90506110ac828261116e565b8784815181106110be576110be6114a4565b60209081029190910101525050600101610f92565b50808b146110f457604051631a8a024960e11b815260040160405180910390fd5b836001860381518110611109576111096114a4565b60200260200101519650505050505050611165565b811561114757835f81518110611136576111366114a4565b602002602001015192505050611165565b87875f818110611159576111596114a4565b90506020020135925050505b95945050505050565b5f818310611188575f828152602084905260409020611196565b5f8381526020839052604090205b9392505050565b5f5f604083850312156111ae575f5ffd5b50508035926020909101359150565b80356001600160a01b03811681146111d3575f5ffd5b919050565b5f5f83601f8401126111e8575f5ffd5b5081356001600160401b038111156111fe575f5ffd5b6020830191508360208260051b8501011115611218575f5ffd5b9250929050565b5f5f5f5f60608587031215611232575f5ffd5b61123b856111bd565b93506020850135925060408501356001600160401b0381111561125c575f5ffd5b611268878288016111d8565b95989497509550505050565b5f5f5f5f5f5f5f5f6080898b03121561128b575f5ffd5b88356001600160401b038111156112a0575f5ffd5b6112ac8b828c016111d8565b90995097505060208901356001600160401b038111156112ca575f5ffd5b6112d68b828c016111d8565b90975095505060408901356001600160401b038111156112f4575f5ffd5b6113008b828c016111d8565b90955093505060608901356001600160401b0381111561131e575f5ffd5b61132a8b828c016111d8565b999c989b5096995094979396929594505050565b5f6020828403121561134e575f5ffd5b611196826111bd565b5f5f60208385031215611368575f5ffd5b82356001600160401b0381111561137d575f5ffd5b611389858286016111d8565b90969095509350505050565b602080825282518282018190525f918401906040840190835b818110156113cc5783518352602093840193909201916001016113ae565b509095945050505050565b5f5f5f606084860312156113e9575f5ffd5b83356001600160401b03811681146113ff575f5ffd5b95602085013595506040909401359392505050565b5f60208284031215611424575f5ffd5b5051919050565b634e487b7160e01b5f52601160045260245ffd5b81810381811115610c6757610c6761142b565b6001600160801b038281168282160390811115610c6757610c6761142b565b6001600160801b038181168382160190811115610c6757610c6761142b565b634e487b7160e01b5f52604160045260245ffd5b634e487b7160e01b5f52603260045260245ffd5b80820180821115610c6757610c6761142b565b6001600160401b038181168382160190811115610c6757610c6761142b565b5f600182016114fb576114fb61142b565b5060010190565b5f60208284031215611512575f5ffd5b81358015158114611196575f5ffd",
}

// Vault is an auto generated Go binding around an Ethereum contract.
type Vault struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *Vault) GetABI() abi.ABI {
	return c.abi
}

// NewVault creates a new instance of Vault.
func NewVault() *Vault {
	parsed, err := VaultMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &Vault{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *Vault) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(address token_, address poster_) returns()
func (vault *Vault) PackConstructor(token_ common.Address, poster_ common.Address) []byte {
	enc, err := vault.abi.Pack("", token_, poster_)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackClaim is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3d13f874.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function claim(address account, uint256 cumulative, bytes32[] proof) returns()
func (vault *Vault) PackClaim(account common.Address, cumulative *big.Int, proof [][32]byte) []byte {
	enc, err := vault.abi.Pack("claim", account, cumulative, proof)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackClaim is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3d13f874.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function claim(address account, uint256 cumulative, bytes32[] proof) returns()
func (vault *Vault) TryPackClaim(account common.Address, cumulative *big.Int, proof [][32]byte) ([]byte, error) {
	return vault.abi.Pack("claim", account, cumulative, proof)
}

// PackClaimMany is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8a3af1ba.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function claimMany(address[] accounts, uint256[] cumulatives, bytes32[] proof, bool[] flags) returns()
func (vault *Vault) PackClaimMany(accounts []common.Address, cumulatives []*big.Int, proof [][32]byte, flags []bool) []byte {
	enc, err := vault.abi.Pack("claimMany", accounts, cumulatives, proof, flags)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackClaimMany is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8a3af1ba.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function claimMany(address[] accounts, uint256[] cumulatives, bytes32[] proof, bool[] flags) returns()
func (vault *Vault) TryPackClaimMany(accounts []common.Address, cumulatives []*big.Int, proof [][32]byte, flags []bool) ([]byte, error) {
	return vault.abi.Pack("claimMany", accounts, cumulatives, proof, flags)
}

// PackClaimed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc884ef83.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function claimed(address account) view returns(uint256 cumulative)
func (vault *Vault) PackClaimed(account common.Address) []byte {
	enc, err := vault.abi.Pack("claimed", account)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackClaimed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc884ef83.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function claimed(address account) view returns(uint256 cumulative)
func (vault *Vault) TryPackClaimed(account common.Address) ([]byte, error) {
	return vault.abi.Pack("claimed", account)
}

// UnpackClaimed is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xc884ef83.
//
// Solidity: function claimed(address account) view returns(uint256 cumulative)
func (vault *Vault) UnpackClaimed(data []byte) (*big.Int, error) {
	out, err := vault.abi.Unpack("claimed", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackClaimedOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd86a872c.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function claimedOf(address[] accounts) view returns(uint256[] cumulatives)
func (vault *Vault) PackClaimedOf(accounts []common.Address) []byte {
	enc, err := vault.abi.Pack("claimedOf", accounts)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackClaimedOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd86a872c.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function claimedOf(address[] accounts) view returns(uint256[] cumulatives)
func (vault *Vault) TryPackClaimedOf(accounts []common.Address) ([]byte, error) {
	return vault.abi.Pack("claimedOf", accounts)
}

// UnpackClaimedOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xd86a872c.
//
// Solidity: function claimedOf(address[] accounts) view returns(uint256[] cumulatives)
func (vault *Vault) UnpackClaimedOf(data []byte) ([]*big.Int, error) {
	out, err := vault.abi.Unpack("claimedOf", data)
	if err != nil {
		return *new([]*big.Int), err
	}
	out0 := *abi.ConvertType(out[0], new([]*big.Int)).(*[]*big.Int)
	return out0, nil
}

// PackDeposit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x1de26e16.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function deposit(bytes32 ref, uint256 amount) returns()
func (vault *Vault) PackDeposit(ref [32]byte, amount *big.Int) []byte {
	enc, err := vault.abi.Pack("deposit", ref, amount)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDeposit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x1de26e16.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function deposit(bytes32 ref, uint256 amount) returns()
func (vault *Vault) TryPackDeposit(ref [32]byte, amount *big.Int) ([]byte, error) {
	return vault.abi.Pack("deposit", ref, amount)
}

// PackDeposited is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xeef49ee3.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function deposited() view returns(uint128)
func (vault *Vault) PackDeposited() []byte {
	enc, err := vault.abi.Pack("deposited")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDeposited is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xeef49ee3.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function deposited() view returns(uint128)
func (vault *Vault) TryPackDeposited() ([]byte, error) {
	return vault.abi.Pack("deposited")
}

// UnpackDeposited is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xeef49ee3.
//
// Solidity: function deposited() view returns(uint128)
func (vault *Vault) UnpackDeposited(data []byte) (*big.Int, error) {
	out, err := vault.abi.Unpack("deposited", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackEpoch is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x900cf0cf.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function epoch() view returns(uint64)
func (vault *Vault) PackEpoch() []byte {
	enc, err := vault.abi.Pack("epoch")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackEpoch is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x900cf0cf.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function epoch() view returns(uint64)
func (vault *Vault) TryPackEpoch() ([]byte, error) {
	return vault.abi.Pack("epoch")
}

// UnpackEpoch is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x900cf0cf.
//
// Solidity: function epoch() view returns(uint64)
func (vault *Vault) UnpackEpoch(data []byte) (uint64, error) {
	out, err := vault.abi.Unpack("epoch", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackFirstBlock is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x231b0268.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function firstBlock() view returns(uint256)
func (vault *Vault) PackFirstBlock() []byte {
	enc, err := vault.abi.Pack("firstBlock")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackFirstBlock is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x231b0268.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function firstBlock() view returns(uint256)
func (vault *Vault) TryPackFirstBlock() ([]byte, error) {
	return vault.abi.Pack("firstBlock")
}

// UnpackFirstBlock is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x231b0268.
//
// Solidity: function firstBlock() view returns(uint256)
func (vault *Vault) UnpackFirstBlock(data []byte) (*big.Int, error) {
	out, err := vault.abi.Unpack("firstBlock", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackNewest is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8bdbdac1.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function newest() view returns(uint64 epoch_, bytes32 root_, uint256 total)
func (vault *Vault) PackNewest() []byte {
	enc, err := vault.abi.Pack("newest")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackNewest is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8bdbdac1.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function newest() view returns(uint64 epoch_, bytes32 root_, uint256 total)
func (vault *Vault) TryPackNewest() ([]byte, error) {
	return vault.abi.Pack("newest")
}

// NewestOutput serves as a container for the return parameters of contract
// method Newest.
type NewestOutput struct {
	Epoch uint64
	Root  [32]byte
	Total *big.Int
}

// UnpackNewest is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x8bdbdac1.
//
// Solidity: function newest() view returns(uint64 epoch_, bytes32 root_, uint256 total)
func (vault *Vault) UnpackNewest(data []byte) (NewestOutput, error) {
	out, err := vault.abi.Unpack("newest", data)
	outstruct := new(NewestOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Epoch = *abi.ConvertType(out[0], new(uint64)).(*uint64)
	outstruct.Root = *abi.ConvertType(out[1], new([32]byte)).(*[32]byte)
	outstruct.Total = abi.ConvertType(out[2], new(big.Int)).(*big.Int)
	return *outstruct, nil
}

// PackPaid is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x295b4e17.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function paid() view returns(uint128)
func (vault *Vault) PackPaid() []byte {
	enc, err := vault.abi.Pack("paid")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPaid is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x295b4e17.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function paid() view returns(uint128)
func (vault *Vault) TryPackPaid() ([]byte, error) {
	return vault.abi.Pack("paid")
}

// UnpackPaid is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x295b4e17.
//
// Solidity: function paid() view returns(uint128)
func (vault *Vault) UnpackPaid(data []byte) (*big.Int, error) {
	out, err := vault.abi.Unpack("paid", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackPostRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe17e13f2.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function postRoot(uint64 epoch_, bytes32 root_, uint256 total) returns()
func (vault *Vault) PackPostRoot(epoch uint64, root [32]byte, total *big.Int) []byte {
	enc, err := vault.abi.Pack("postRoot", epoch, root, total)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPostRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe17e13f2.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function postRoot(uint64 epoch_, bytes32 root_, uint256 total) returns()
func (vault *Vault) TryPackPostRoot(epoch uint64, root [32]byte, total *big.Int) ([]byte, error) {
	return vault.abi.Pack("postRoot", epoch, root, total)
}

// PackPoster is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x80959721.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function poster() view returns(address)
func (vault *Vault) PackPoster() []byte {
	enc, err := vault.abi.Pack("poster")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPoster is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x80959721.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function poster() view returns(address)
func (vault *Vault) TryPackPoster() ([]byte, error) {
	return vault.abi.Pack("poster")
}

// UnpackPoster is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x80959721.
//
// Solidity: function poster() view returns(address)
func (vault *Vault) UnpackPoster(data []byte) (common.Address, error) {
	out, err := vault.abi.Unpack("poster", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackPromised is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc92c6fbc.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function promised() view returns(uint128)
func (vault *Vault) PackPromised() []byte {
	enc, err := vault.abi.Pack("promised")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPromised is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc92c6fbc.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function promised() view returns(uint128)
func (vault *Vault) TryPackPromised() ([]byte, error) {
	return vault.abi.Pack("promised")
}

// UnpackPromised is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xc92c6fbc.
//
// Solidity: function promised() view returns(uint128)
func (vault *Vault) UnpackPromised(data []byte) (*big.Int, error) {
	out, err := vault.abi.Unpack("promised", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xebf0c717.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function root() view returns(bytes32)
func (vault *Vault) PackRoot() []byte {
	enc, err := vault.abi.Pack("root")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xebf0c717.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function root() view returns(bytes32)
func (vault *Vault) TryPackRoot() ([]byte, error) {
	return vault.abi.Pack("root")
}

// UnpackRoot is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xebf0c717.
//
// Solidity: function root() view returns(bytes32)
func (vault *Vault) UnpackRoot(data []byte) ([32]byte, error) {
	out, err := vault.abi.Unpack("root", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackToken is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfc0c546a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function token() view returns(address)
func (vault *Vault) PackToken() []byte {
	enc, err := vault.abi.Pack("token")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackToken is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfc0c546a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function token() view returns(address)
func (vault *Vault) TryPackToken() ([]byte, error) {
	return vault.abi.Pack("token")
}

// UnpackToken is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xfc0c546a.
//
// Solidity: function token() view returns(address)
func (vault *Vault) UnpackToken(data []byte) (common.Address, error) {
	out, err := vault.abi.Unpack("token", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// VaultDeposited represents a Deposited event raised by the Vault contract.
type VaultDeposited struct {
	Ref    [32]byte
	From   common.Address
	Amount *big.Int
	Raw    *types.Log // Blockchain specific contextual infos
}

const VaultDepositedEventName = "Deposited"

// ContractEventName returns the user-defined event name.
func (VaultDeposited) ContractEventName() string {
	return VaultDepositedEventName
}

// UnpackDepositedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Deposited(bytes32 indexed ref, address indexed from, uint256 amount)
func (vault *Vault) UnpackDepositedEvent(log *types.Log) (*VaultDeposited, error) {
	event := "Deposited"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != vault.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(VaultDeposited)
	if len(log.Data) > 0 {
		if err := vault.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range vault.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// VaultRootPosted represents a RootPosted event raised by the Vault contract.
type VaultRootPosted struct {
	Epoch uint64
	Root  [32]byte
	Total *big.Int
	Raw   *types.Log // Blockchain specific contextual infos
}

const VaultRootPostedEventName = "RootPosted"

// ContractEventName returns the user-defined event name.
func (VaultRootPosted) ContractEventName() string {
	return VaultRootPostedEventName
}

// UnpackRootPostedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event RootPosted(uint64 indexed epoch, bytes32 root, uint256 total)
func (vault *Vault) UnpackRootPostedEvent(log *types.Log) (*VaultRootPosted, error) {
	event := "RootPosted"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != vault.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(VaultRootPosted)
	if len(log.Data) > 0 {
		if err := vault.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range vault.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (vault *Vault) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], vault.abi.Errors["MerkleProofInvalidMultiproof"].ID.Bytes()[:4]) {
		return vault.UnpackMerkleProofInvalidMultiproofError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["ReentrancyGuardReentrantCall"].ID.Bytes()[:4]) {
		return vault.UnpackReentrancyGuardReentrantCallError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["SafeERC20FailedOperation"].ID.Bytes()[:4]) {
		return vault.UnpackSafeERC20FailedOperationError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultBadAmount"].ID.Bytes()[:4]) {
		return vault.UnpackVaultBadAmountError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultBadBatch"].ID.Bytes()[:4]) {
		return vault.UnpackVaultBadBatchError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultBadProof"].ID.Bytes()[:4]) {
		return vault.UnpackVaultBadProofError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultNotPoster"].ID.Bytes()[:4]) {
		return vault.UnpackVaultNotPosterError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultNothingToClaim"].ID.Bytes()[:4]) {
		return vault.UnpackVaultNothingToClaimError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultOverpaid"].ID.Bytes()[:4]) {
		return vault.UnpackVaultOverpaidError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultTotalShrinks"].ID.Bytes()[:4]) {
		return vault.UnpackVaultTotalShrinksError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultUnderfunded"].ID.Bytes()[:4]) {
		return vault.UnpackVaultUnderfundedError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultWrongEpoch"].ID.Bytes()[:4]) {
		return vault.UnpackVaultWrongEpochError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// VaultMerkleProofInvalidMultiproof represents a MerkleProofInvalidMultiproof error raised by the Vault contract.
type VaultMerkleProofInvalidMultiproof struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error MerkleProofInvalidMultiproof()
func VaultMerkleProofInvalidMultiproofErrorID() common.Hash {
	return common.HexToHash("0x351404920163d662c9e55a2ededa2a037e643758bbfddef8b612fa4d17ed11ea")
}

// UnpackMerkleProofInvalidMultiproofError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error MerkleProofInvalidMultiproof()
func (vault *Vault) UnpackMerkleProofInvalidMultiproofError(raw []byte) (*VaultMerkleProofInvalidMultiproof, error) {
	out := new(VaultMerkleProofInvalidMultiproof)
	if err := vault.abi.UnpackIntoInterface(out, "MerkleProofInvalidMultiproof", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultReentrancyGuardReentrantCall represents a ReentrancyGuardReentrantCall error raised by the Vault contract.
type VaultReentrancyGuardReentrantCall struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ReentrancyGuardReentrantCall()
func VaultReentrancyGuardReentrantCallErrorID() common.Hash {
	return common.HexToHash("0x3ee5aeb571de7fc460830b4d0017439a1ca56fb0bc39062227ade4fe4a24c1ca")
}

// UnpackReentrancyGuardReentrantCallError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ReentrancyGuardReentrantCall()
func (vault *Vault) UnpackReentrancyGuardReentrantCallError(raw []byte) (*VaultReentrancyGuardReentrantCall, error) {
	out := new(VaultReentrancyGuardReentrantCall)
	if err := vault.abi.UnpackIntoInterface(out, "ReentrancyGuardReentrantCall", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultSafeERC20FailedOperation represents a SafeERC20FailedOperation error raised by the Vault contract.
type VaultSafeERC20FailedOperation struct {
	Token common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SafeERC20FailedOperation(address token)
func VaultSafeERC20FailedOperationErrorID() common.Hash {
	return common.HexToHash("0x5274afe73c98b4749fc91ffae6b7b574e7842cb2144a159e9377a5f20b32edf9")
}

// UnpackSafeERC20FailedOperationError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SafeERC20FailedOperation(address token)
func (vault *Vault) UnpackSafeERC20FailedOperationError(raw []byte) (*VaultSafeERC20FailedOperation, error) {
	out := new(VaultSafeERC20FailedOperation)
	if err := vault.abi.UnpackIntoInterface(out, "SafeERC20FailedOperation", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultBadAmount represents a VaultBadAmount error raised by the Vault contract.
type VaultVaultBadAmount struct {
	Amount *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultBadAmount(uint256 amount)
func VaultVaultBadAmountErrorID() common.Hash {
	return common.HexToHash("0x28f0cf7023a49ddae08587e2d07cb3444d16772e719658c9da2f3d7ea10567f3")
}

// UnpackVaultBadAmountError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultBadAmount(uint256 amount)
func (vault *Vault) UnpackVaultBadAmountError(raw []byte) (*VaultVaultBadAmount, error) {
	out := new(VaultVaultBadAmount)
	if err := vault.abi.UnpackIntoInterface(out, "VaultBadAmount", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultBadBatch represents a VaultBadBatch error raised by the Vault contract.
type VaultVaultBadBatch struct {
	Accounts    *big.Int
	Cumulatives *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultBadBatch(uint256 accounts, uint256 cumulatives)
func VaultVaultBadBatchErrorID() common.Hash {
	return common.HexToHash("0xf605aac7e262ba9cf894013e526ed80e53b2b013327f0bd4722369f94c8482c9")
}

// UnpackVaultBadBatchError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultBadBatch(uint256 accounts, uint256 cumulatives)
func (vault *Vault) UnpackVaultBadBatchError(raw []byte) (*VaultVaultBadBatch, error) {
	out := new(VaultVaultBadBatch)
	if err := vault.abi.UnpackIntoInterface(out, "VaultBadBatch", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultBadProof represents a VaultBadProof error raised by the Vault contract.
type VaultVaultBadProof struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultBadProof()
func VaultVaultBadProofErrorID() common.Hash {
	return common.HexToHash("0xed0b44801e9a1d2b61401c4a230da4256475f8b9695346040209bfdaa17182e9")
}

// UnpackVaultBadProofError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultBadProof()
func (vault *Vault) UnpackVaultBadProofError(raw []byte) (*VaultVaultBadProof, error) {
	out := new(VaultVaultBadProof)
	if err := vault.abi.UnpackIntoInterface(out, "VaultBadProof", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultNotPoster represents a VaultNotPoster error raised by the Vault contract.
type VaultVaultNotPoster struct {
	Account common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultNotPoster(address account)
func VaultVaultNotPosterErrorID() common.Hash {
	return common.HexToHash("0x7b0d848b74758e351930fbfe3d3c37bb90c4eee3c55834236a4ed0fd7bf8d95b")
}

// UnpackVaultNotPosterError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultNotPoster(address account)
func (vault *Vault) UnpackVaultNotPosterError(raw []byte) (*VaultVaultNotPoster, error) {
	out := new(VaultVaultNotPoster)
	if err := vault.abi.UnpackIntoInterface(out, "VaultNotPoster", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultNothingToClaim represents a VaultNothingToClaim error raised by the Vault contract.
type VaultVaultNothingToClaim struct {
	Account common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultNothingToClaim(address account)
func VaultVaultNothingToClaimErrorID() common.Hash {
	return common.HexToHash("0x9f2438c41f43fe611de96cdc3012ff826bf401ed96e0b017fc9c82ea1370fe43")
}

// UnpackVaultNothingToClaimError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultNothingToClaim(address account)
func (vault *Vault) UnpackVaultNothingToClaimError(raw []byte) (*VaultVaultNothingToClaim, error) {
	out := new(VaultVaultNothingToClaim)
	if err := vault.abi.UnpackIntoInterface(out, "VaultNothingToClaim", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultOverpaid represents a VaultOverpaid error raised by the Vault contract.
type VaultVaultOverpaid struct {
	Paid     *big.Int
	Promised *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultOverpaid(uint256 paid, uint256 promised)
func VaultVaultOverpaidErrorID() common.Hash {
	return common.HexToHash("0x74e27acbea8e48fe8b4b1af2520774ea7f7ee325a91d5d2ebec3e2073f2caea1")
}

// UnpackVaultOverpaidError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultOverpaid(uint256 paid, uint256 promised)
func (vault *Vault) UnpackVaultOverpaidError(raw []byte) (*VaultVaultOverpaid, error) {
	out := new(VaultVaultOverpaid)
	if err := vault.abi.UnpackIntoInterface(out, "VaultOverpaid", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultTotalShrinks represents a VaultTotalShrinks error raised by the Vault contract.
type VaultVaultTotalShrinks struct {
	Before *big.Int
	Given  *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultTotalShrinks(uint256 before, uint256 given)
func VaultVaultTotalShrinksErrorID() common.Hash {
	return common.HexToHash("0x3c075ded2f87925f5ad3377edc31b41af37182f26be299d26fad76aa0af7c3a1")
}

// UnpackVaultTotalShrinksError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultTotalShrinks(uint256 before, uint256 given)
func (vault *Vault) UnpackVaultTotalShrinksError(raw []byte) (*VaultVaultTotalShrinks, error) {
	out := new(VaultVaultTotalShrinks)
	if err := vault.abi.UnpackIntoInterface(out, "VaultTotalShrinks", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultUnderfunded represents a VaultUnderfunded error raised by the Vault contract.
type VaultVaultUnderfunded struct {
	Total     *big.Int
	Deposited *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultUnderfunded(uint256 total, uint256 deposited)
func VaultVaultUnderfundedErrorID() common.Hash {
	return common.HexToHash("0x6087a9b521ec92f97e3afed9b69d78a3f712311fb17873fe15c102695ad75c0b")
}

// UnpackVaultUnderfundedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultUnderfunded(uint256 total, uint256 deposited)
func (vault *Vault) UnpackVaultUnderfundedError(raw []byte) (*VaultVaultUnderfunded, error) {
	out := new(VaultVaultUnderfunded)
	if err := vault.abi.UnpackIntoInterface(out, "VaultUnderfunded", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultWrongEpoch represents a VaultWrongEpoch error raised by the Vault contract.
type VaultVaultWrongEpoch struct {
	Expected uint64
	Given    uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultWrongEpoch(uint64 expected, uint64 given)
func VaultVaultWrongEpochErrorID() common.Hash {
	return common.HexToHash("0x04eb5bee6c737963fa6629337a150cdcf435f6fdbac0bdf5710369daed4a5e51")
}

// UnpackVaultWrongEpochError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultWrongEpoch(uint64 expected, uint64 given)
func (vault *Vault) UnpackVaultWrongEpochError(raw []byte) (*VaultVaultWrongEpoch, error) {
	out := new(VaultVaultWrongEpoch)
	if err := vault.abi.UnpackIntoInterface(out, "VaultWrongEpoch", raw); err != nil {
		return nil, err
	}
	return out, nil
}
