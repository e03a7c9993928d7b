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

// Header is an auto generated low-level Go binding around an user-defined struct.
type Header struct {
	Epoch    uint64
	Payouts  [32]byte
	Spending [32]byte
	Verdicts [32]byte
	Total    *big.Int
	Spent    *big.Int
	Through  uint64
	LogRoot  [32]byte
	LogSize  uint64
}

// OracleAsk is an auto generated low-level Go binding around an user-defined struct.
type OracleAsk struct {
	Text        string
	Content     [32]byte
	Options     []string
	MinAnswers  uint16
	MaxAnswers  uint16
	TargetPpm   uint32
	Deadline    uint64
	Payment     *big.Int
	CallbackGas uint32
}

// VaultTerms is an auto generated low-level Go binding around an user-defined struct.
type VaultTerms struct {
	Token       common.Address
	Poster      common.Address
	Adjudicator common.Address
	Delay       uint64
	Judgement   uint64
	Notice      uint64
	Bond        *big.Int
}

// Verdict is an auto generated low-level Go binding around an user-defined struct.
type Verdict struct {
	Id            *big.Int
	Outcome       uint8
	Choice        uint16
	ConfidencePpm uint32
	Answers       uint32
	VerdictHash   [32]byte
}

// DisperseMetaData contains all meta data concerning the Disperse contract.
var DisperseMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"contractIERC20\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"address[]\",\"name\":\"people\",\"type\":\"address[]\"},{\"internalType\":\"uint256[]\",\"name\":\"sums\",\"type\":\"uint256[]\"}],\"name\":\"disperse\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"}],\"name\":\"SafeERC20FailedOperation\",\"type\":\"error\"}]",
	ID:  "3779f38511e94214a88f49cfe4e3b30d73",
	Bin: "0x6080604052348015600e575f5ffd5b5061038e8061001c5f395ff3fe608060405234801561000f575f5ffd5b5060043610610029575f3560e01c8063c87b1ae31461002d575b5f5ffd5b61004061003b3660046102b1565b610042565b005b5f805b8281101561007b5783838281811061005f5761005f610333565b90506020020135826100719190610347565b9150600101610045565b506100916001600160a01b038716333084610108565b5f5b848110156100ff576100f78686838181106100b0576100b0610333565b90506020020160208101906100c5919061036c565b8585848181106100d7576100d7610333565b90506020020135896001600160a01b03166101499092919063ffffffff16565b600101610093565b50505050505050565b610116848484846001610183565b61014357604051635274afe760e01b81526001600160a01b03851660048201526024015b60405180910390fd5b50505050565b61015683838360016101f0565b61017e57604051635274afe760e01b81526001600160a01b038416600482015260240161013a565b505050565b6040516323b872dd60e01b5f8181526001600160a01b038781166004528616602452604485905291602083606481808c5af1925060015f511483166101df5783831516156101d3573d5f823e3d81fd5b5f883b113d1516831692505b604052505f60605295945050505050565b60405163a9059cbb60e01b5f8181526001600160a01b038616600452602485905291602083604481808b5af1925060015f5114831661024657838315161561023a573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b6001600160a01b0381168114610266575f5ffd5b50565b5f5f83601f840112610279575f5ffd5b50813567ffffffffffffffff811115610290575f5ffd5b6020830191508360208260051b85010111156102aa575f5ffd5b9250929050565b5f5f5f5f5f606086880312156102c5575f5ffd5b85356102d081610252565b9450602086013567ffffffffffffffff8111156102eb575f5ffd5b6102f788828901610269565b909550935050604086013567ffffffffffffffff811115610316575f5ffd5b61032288828901610269565b969995985093965092949392505050565b634e487b7160e01b5f52603260045260245ffd5b8082018082111561036657634e487b7160e01b5f52601160045260245ffd5b92915050565b5f6020828403121561037c575f5ffd5b813561038781610252565b939250505056",
}

// Disperse is an auto generated Go binding around an Ethereum contract.
type Disperse struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *Disperse) GetABI() abi.ABI {
	return c.abi
}

// NewDisperse creates a new instance of Disperse.
func NewDisperse() *Disperse {
	parsed, err := DisperseMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &Disperse{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *Disperse) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackDisperse is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc87b1ae3.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function disperse(address token, address[] people, uint256[] sums) returns()
func (disperse *Disperse) PackDisperse(token common.Address, people []common.Address, sums []*big.Int) []byte {
	enc, err := disperse.abi.Pack("disperse", token, people, sums)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDisperse is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc87b1ae3.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function disperse(address token, address[] people, uint256[] sums) returns()
func (disperse *Disperse) TryPackDisperse(token common.Address, people []common.Address, sums []*big.Int) ([]byte, error) {
	return disperse.abi.Pack("disperse", token, people, sums)
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (disperse *Disperse) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], disperse.abi.Errors["SafeERC20FailedOperation"].ID.Bytes()[:4]) {
		return disperse.UnpackSafeERC20FailedOperationError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// DisperseSafeERC20FailedOperation represents a SafeERC20FailedOperation error raised by the Disperse contract.
type DisperseSafeERC20FailedOperation struct {
	Token common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SafeERC20FailedOperation(address token)
func DisperseSafeERC20FailedOperationErrorID() common.Hash {
	return common.HexToHash("0x5274afe73c98b4749fc91ffae6b7b574e7842cb2144a159e9377a5f20b32edf9")
}

// UnpackSafeERC20FailedOperationError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SafeERC20FailedOperation(address token)
func (disperse *Disperse) UnpackSafeERC20FailedOperationError(raw []byte) (*DisperseSafeERC20FailedOperation, error) {
	out := new(DisperseSafeERC20FailedOperation)
	if err := disperse.abi.UnpackIntoInterface(out, "SafeERC20FailedOperation", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// MessageBoardMetaData contains all meta data concerning the MessageBoard contract.
var MessageBoardMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"contractOracle\",\"name\":\"oracle_\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"price_\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"flag\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"question\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"question\",\"type\":\"uint256\"}],\"name\":\"giveNotice\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"internalType\":\"enumOutcome\",\"name\":\"outcome\",\"type\":\"uint8\"},{\"internalType\":\"uint16\",\"name\":\"choice\",\"type\":\"uint16\"},{\"internalType\":\"uint32\",\"name\":\"confidencePpm\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"answers\",\"type\":\"uint32\"},{\"internalType\":\"bytes32\",\"name\":\"verdictHash\",\"type\":\"bytes32\"}],\"internalType\":\"structVerdict\",\"name\":\"verdict\",\"type\":\"tuple\"}],\"name\":\"onVerdict\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"oracle\",\"outputs\":[{\"internalType\":\"contractOracle\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"string\",\"name\":\"text\",\"type\":\"string\"}],\"name\":\"post\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"postOf\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"author\",\"type\":\"address\"},{\"internalType\":\"string\",\"name\":\"text\",\"type\":\"string\"},{\"internalType\":\"bool\",\"name\":\"hidden\",\"type\":\"bool\"},{\"internalType\":\"uint256\",\"name\":\"question\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"price\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"payouts\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"spending\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"verdicts\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"total\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"spent\",\"type\":\"uint256\"},{\"internalType\":\"uint64\",\"name\":\"through\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"logRoot\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"logSize\",\"type\":\"uint64\"}],\"internalType\":\"structHeader\",\"name\":\"header\",\"type\":\"tuple\"},{\"internalType\":\"uint256\",\"name\":\"question\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"spent\",\"type\":\"uint256\"},{\"internalType\":\"bytes32[]\",\"name\":\"proof\",\"type\":\"bytes32[]\"}],\"name\":\"withdraw\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"post\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"question\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"payer\",\"type\":\"address\"}],\"name\":\"Flagged\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"post\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"author\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"string\",\"name\":\"text\",\"type\":\"string\"}],\"name\":\"Posted\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"post\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"question\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"bool\",\"name\":\"hidden\",\"type\":\"bool\"}],\"name\":\"Settled\",\"type\":\"event\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"post\",\"type\":\"uint256\"}],\"name\":\"BoardNoPost\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"question\",\"type\":\"uint256\"}],\"name\":\"BoardNoQuestion\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"post\",\"type\":\"uint256\"}],\"name\":\"BoardNotNow\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"BoardNotOracle\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"length\",\"type\":\"uint256\"}],\"name\":\"BoardTooLong\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ReentrancyGuardReentrantCall\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"}],\"name\":\"SafeERC20FailedOperation\",\"type\":\"error\"}]",
	ID:  "ee5f388b482bbffcb3d1bd2278ee5d9362",
	Bin: "0x60c060405234801561000f575f5ffd5b5060405161160838038061160883398101604081905261002e91610044565b6001600160a01b0390911660805260a05261007b565b5f5f60408385031215610055575f5ffd5b82516001600160a01b038116811461006b575f5ffd5b6020939093015192949293505050565b60805160a0516115276100e15f395f818161012e01528181610802015281816108560152610a2801525f818160b6015281816101910152818161030d01528181610437015281816105090152818161077101528181610835015261091f01526115275ff3fe608060405234801561000f575f5ffd5b5060043610610085575f3560e01c80638ee93cf3116100585780638ee93cf314610108578063a035b1fe14610129578063bb760a7514610150578063f6b9d59914610163575f5ffd5b806362b7f10d146100895780637069fa271461009e5780637dc0d1d0146100b15780638b373d8d146100f5575b5f5ffd5b61009c610097366004610ee3565b610186565b005b61009c6100ac366004610efc565b610302565b6100d87f000000000000000000000000000000000000000000000000000000000000000081565b6040516001600160a01b0390911681526020015b60405180910390f35b61009c610103366004610f99565b6103f7565b61011b610116366004610fb0565b6104fb565b6040519081526020016100ec565b61011b7f000000000000000000000000000000000000000000000000000000000000000081565b61011b61015e366004610f99565b6106c1565b610176610171366004610f99565b610b5b565b6040516100ec949392919061104c565b336001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001681146101e157604051630b582bb560e31b81526001600160a01b0390911660048201526024015b60405180910390fd5b5080355f81815260016020819052604090912090810154909190600160a01b900460ff1661022557604051630e8e4f8960e31b81526004016101d891815260200190565b506001808201805460ff60a01b191690555f906102486040850160208601611096565b600381111561025957610259611082565b1480156102795750600161027360608501604086016110bb565b61ffff16145b905080156102c25760015f835f015481548110610298576102986110dc565b5f91825260209091206003909102018054911515600160a01b0260ff60a01b199092169190911790555b81546040518215158152843591907f75421b4979f360e942325daef62da597e67fb196cd73d032051ccdd1ece6c8e39060200160405180910390a3505050565b61030b84610c6e565b7f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663fbfa77cf6040518163ffffffff1660e01b8152600401602060405180830381865afa158015610367573d5f5f3e3d5ffd5b505050506040513d601f19601f8201168201806040525081019061038b9190611107565b60405163d3e27ca960e01b81526001600160a01b03919091169063d3e27ca9906103c390889088908890889088903390600401611169565b5f604051808303815f87803b1580156103da575f5ffd5b505af11580156103ec573d5f5f3e3d5ffd5b505050505050505050565b61040081610c6e565b5f81815260016020818152604092839020909101805460ff60a01b19169055815163fbfa77cf60e01b815291516001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000169263fbfa77cf9260048083019391928290030181865afa15801561047d573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906104a19190611107565b6040516313bfcff160e21b8152600481018390526001600160a01b039190911690634eff3fc4906024015f604051808303815f87803b1580156104e2575f5ffd5b505af11580156104f4573d5f5f3e3d5ffd5b5050505050565b5f81801580159061058b57507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663a40198356040518163ffffffff1660e01b8152600401602060405180830381865afa158015610563573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906105879190611238565b8111155b81906105ad57604051634f6a8c3d60e01b81526004016101d891815260200190565b505f80546040805160808101825233815260208082018590528183018590528251601f89018290048202810182019093528783529295509160608301919088908890819084018382808284375f92018290525093909452505083546001818101865594825260209182902084516003909202018054928501511515600160a01b026001600160a81b03199093166001600160a01b0390921691909117919091178155604083015193810193909355506060810151909190600282019061067390826112f1565b505050336001600160a01b0316827fc81d15f76f665dc633238bb59b023f7ebc75eb0c90ef79ff741f6bbf03e586e686866040516106b29291906113ac565b60405180910390a35092915050565b5f6106ca610cb1565b5f54829081106106f05760405163c8ee735f60e01b81526004016101d891815260200190565b505f5f8381548110610704576107046110dc565b5f91825260209091206003909102018054909150600160a01b900460ff1615801561074b57506001818101545f9081526020829052604090200154600160a01b900460ff16155b839061076d5760405163c8cbf6d960e01b81526004016101d891815260200190565b505f7f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663fc0c546a6040518163ffffffff1660e01b8152600401602060405180830381865afa1580156107cb573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906107ef9190611107565b90506108266001600160a01b03821633307f0000000000000000000000000000000000000000000000000000000000000000610ce8565b61087a6001600160a01b0382167f00000000000000000000000000000000000000000000000000000000000000007f0000000000000000000000000000000000000000000000000000000000000000610d24565b604080516002808252606082019092525f91816020015b60608152602001906001900390816108915790505090506040518060400160405280600481526020016304b6565760e41b815250604051806040016040528060048152602001634869646560e01b815250825f815181106108f4576108f46110dc565b602002602001018360018151811061090e5761090e6110dc565b6020026020010182905282905250507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316633ebd2e6460405180610120016040528086600201805461096790611263565b80601f016020809104026020016040519081016040528092919081815260200182805461099390611263565b80156109de5780601f106109b5576101008083540402835291602001916109de565b820191905f5260205f20905b8154815290600101906020018083116109c157829003601f168201915b50505091835250505f60208201526040810185905260036060820152600f6080820152620e7ef060a082015260c001610a1a62015180426113da565b67ffffffffffffffff1681527f00000000000000000000000000000000000000000000000000000000000000006020820152620186a0604091820152516001600160e01b031960e084901b168152610a759190600401611466565b6020604051808303815f875af1158015610a91573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610ab59190611238565b6001808501829055604080516060810182528881523360208083018281528385018681525f8881529287905285832094518555905193909501805495511515600160a01b026001600160a81b03199096166001600160a01b03949094169390931794909417909155905192965091869188917f3885c4b68ffe739ed49270676c3cfd0ee8c715ae2efd7f2b59a5196fd6d1fc9d9190a4505050610b56610da3565b919050565b5f60605f5f5f8054905085108590610b895760405163c8ee735f60e01b81526004016101d891815260200190565b505f5f8681548110610b9d57610b9d6110dc565b5f9182526020909120600390910201805460018201546002830180549394506001600160a01b038316939092600160a01b900460ff1691908390610be090611263565b80601f0160208091040260200160405190810160405280929190818152602001828054610c0c90611263565b8015610c575780601f10610c2e57610100808354040283529160200191610c57565b820191905f5260205f20905b815481529060010190602001808311610c3a57829003601f168201915b505050505092509450945094509450509193509193565b5f818152600160208190526040909120015481906001600160a01b03163314610cad57604051630e8e4f8960e31b81526004016101d891815260200190565b5050565b610cb9610dcd565b610ce660017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005b90610e0d565b565b610cf6848484846001610e14565b610d1e57604051635274afe760e01b81526001600160a01b03851660048201526024016101d8565b50505050565b610d308383835f610e81565b610d9e57610d4183835f6001610e81565b610d6957604051635274afe760e01b81526001600160a01b03841660048201526024016101d8565b610d768383836001610e81565b610d9e57604051635274afe760e01b81526001600160a01b03841660048201526024016101d8565b505050565b610ce65f7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00610ce0565b7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005c15610ce657604051633ee5aeb560e01b815260040160405180910390fd5b80825d5050565b6040516323b872dd60e01b5f8181526001600160a01b038781166004528616602452604485905291602083606481808c5af1925060015f51148316610e70578383151615610e64573d5f823e3d81fd5b5f883b113d1516831692505b604052505f60605295945050505050565b60405163095ea7b360e01b5f8181526001600160a01b038616600452602485905291602083604481808b5af1925060015f51148316610ed7578383151615610ecb573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b5f60c0828403128015610ef4575f5ffd5b509092915050565b5f5f5f5f5f858703610180811215610f12575f5ffd5b610120811215610f20575f5ffd5b508594506101208501359350610140850135925061016085013567ffffffffffffffff811115610f4e575f5ffd5b8601601f81018813610f5e575f5ffd5b803567ffffffffffffffff811115610f74575f5ffd5b8860208260051b8401011115610f88575f5ffd5b959894975092955050506020019190565b5f60208284031215610fa9575f5ffd5b5035919050565b5f5f60208385031215610fc1575f5ffd5b823567ffffffffffffffff811115610fd7575f5ffd5b8301601f81018513610fe7575f5ffd5b803567ffffffffffffffff811115610ffd575f5ffd5b85602082840101111561100e575f5ffd5b6020919091019590945092505050565b5f81518084528060208401602086015e5f602082860101526020601f19601f83011685010191505092915050565b6001600160a01b03851681526080602082018190525f9061106f9083018661101e565b9315156040830152506060015292915050565b634e487b7160e01b5f52602160045260245ffd5b5f602082840312156110a6575f5ffd5b8135600481106110b4575f5ffd5b9392505050565b5f602082840312156110cb575f5ffd5b813561ffff811681146110b4575f5ffd5b634e487b7160e01b5f52603260045260245ffd5b6001600160a01b0381168114611104575f5ffd5b50565b5f60208284031215611117575f5ffd5b81516110b4816110f0565b803567ffffffffffffffff81168114610b56575f5ffd5b8183525f6001600160fb1b03831115611150575f5ffd5b8260051b80836020870137939093016020019392505050565b67ffffffffffffffff61117b88611122565b1681526020878101359082015260408088013590820152606080880135908201526080808801359082015260a080880135908201525f67ffffffffffffffff6111c660c08a01611122565b1660c083015260e088810135908301526111e36101008901611122565b67ffffffffffffffff81166101008401525086610120830152856101408301526101a061016083015261121b6101a083018587611139565b6001600160a01b0384166101808401529050979650505050505050565b5f60208284031215611248575f5ffd5b5051919050565b634e487b7160e01b5f52604160045260245ffd5b600181811c9082168061127757607f821691505b60208210810361129557634e487b7160e01b5f52602260045260245ffd5b50919050565b601f821115610d9e5782821115610d9e57805f5260205f20601f840160051c60208510156112c657505f5b90810190601f840160051c035f5b818110156112e9575f838201556001016112d4565b505050505050565b815167ffffffffffffffff81111561130b5761130b61124f565b61131f816113198454611263565b8461129b565b6020601f821160018114611351575f831561133a5750848201515b5f19600385901b1c1916600184901b1784556104f4565b5f84815260208120601f198516915b828110156113805787850151825560209485019460019092019101611360565b508482101561139d57868401515f19600387901b60f8161c191681555b50505050600190811b01905550565b60208152816020820152818360408301375f818301604090810191909152601f909201601f19160101919050565b67ffffffffffffffff818116838216019081111561140657634e487b7160e01b5f52601160045260245ffd5b92915050565b5f82825180855260208501945060208160051b830101602085015f5b8381101561145a57601f1985840301885261144483835161101e565b6020988901989093509190910190600101611428565b50909695505050505050565b602081525f8251610120602084015261148361014084018261101e565b9050602084015160408401526040840151601f198483030160608501526114aa828261140c565b91505060608401516114c2608085018261ffff169052565b50608084015161ffff811660a08501525060a084015163ffffffff811660c08501525060c084015167ffffffffffffffff811660e08501525060e084015161010084015261010084015161151f61012085018263ffffffff169052565b50939250505056",
}

// MessageBoard is an auto generated Go binding around an Ethereum contract.
type MessageBoard struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *MessageBoard) GetABI() abi.ABI {
	return c.abi
}

// NewMessageBoard creates a new instance of MessageBoard.
func NewMessageBoard() *MessageBoard {
	parsed, err := MessageBoardMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &MessageBoard{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *MessageBoard) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(address oracle_, uint256 price_) returns()
func (messageBoard *MessageBoard) PackConstructor(oracle_ common.Address, price_ *big.Int) []byte {
	enc, err := messageBoard.abi.Pack("", oracle_, price_)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackFlag is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xbb760a75.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function flag(uint256 id) returns(uint256 question)
func (messageBoard *MessageBoard) PackFlag(id *big.Int) []byte {
	enc, err := messageBoard.abi.Pack("flag", id)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackFlag is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xbb760a75.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function flag(uint256 id) returns(uint256 question)
func (messageBoard *MessageBoard) TryPackFlag(id *big.Int) ([]byte, error) {
	return messageBoard.abi.Pack("flag", id)
}

// UnpackFlag is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xbb760a75.
//
// Solidity: function flag(uint256 id) returns(uint256 question)
func (messageBoard *MessageBoard) UnpackFlag(data []byte) (*big.Int, error) {
	out, err := messageBoard.abi.Unpack("flag", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackGiveNotice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8b373d8d.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function giveNotice(uint256 question) returns()
func (messageBoard *MessageBoard) PackGiveNotice(question *big.Int) []byte {
	enc, err := messageBoard.abi.Pack("giveNotice", question)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackGiveNotice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8b373d8d.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function giveNotice(uint256 question) returns()
func (messageBoard *MessageBoard) TryPackGiveNotice(question *big.Int) ([]byte, error) {
	return messageBoard.abi.Pack("giveNotice", question)
}

// PackOnVerdict is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x62b7f10d.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function onVerdict((uint256,uint8,uint16,uint32,uint32,bytes32) verdict) returns()
func (messageBoard *MessageBoard) PackOnVerdict(verdict Verdict) []byte {
	enc, err := messageBoard.abi.Pack("onVerdict", verdict)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOnVerdict is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x62b7f10d.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function onVerdict((uint256,uint8,uint16,uint32,uint32,bytes32) verdict) returns()
func (messageBoard *MessageBoard) TryPackOnVerdict(verdict Verdict) ([]byte, error) {
	return messageBoard.abi.Pack("onVerdict", verdict)
}

// PackOracle is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7dc0d1d0.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function oracle() view returns(address)
func (messageBoard *MessageBoard) PackOracle() []byte {
	enc, err := messageBoard.abi.Pack("oracle")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOracle is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7dc0d1d0.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function oracle() view returns(address)
func (messageBoard *MessageBoard) TryPackOracle() ([]byte, error) {
	return messageBoard.abi.Pack("oracle")
}

// UnpackOracle is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x7dc0d1d0.
//
// Solidity: function oracle() view returns(address)
func (messageBoard *MessageBoard) UnpackOracle(data []byte) (common.Address, error) {
	out, err := messageBoard.abi.Unpack("oracle", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackPost is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8ee93cf3.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function post(string text) returns(uint256 id)
func (messageBoard *MessageBoard) PackPost(text string) []byte {
	enc, err := messageBoard.abi.Pack("post", text)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPost is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8ee93cf3.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function post(string text) returns(uint256 id)
func (messageBoard *MessageBoard) TryPackPost(text string) ([]byte, error) {
	return messageBoard.abi.Pack("post", text)
}

// UnpackPost is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x8ee93cf3.
//
// Solidity: function post(string text) returns(uint256 id)
func (messageBoard *MessageBoard) UnpackPost(data []byte) (*big.Int, error) {
	out, err := messageBoard.abi.Unpack("post", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackPostOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf6b9d599.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function postOf(uint256 id) view returns(address author, string text, bool hidden, uint256 question)
func (messageBoard *MessageBoard) PackPostOf(id *big.Int) []byte {
	enc, err := messageBoard.abi.Pack("postOf", id)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPostOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf6b9d599.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function postOf(uint256 id) view returns(address author, string text, bool hidden, uint256 question)
func (messageBoard *MessageBoard) TryPackPostOf(id *big.Int) ([]byte, error) {
	return messageBoard.abi.Pack("postOf", id)
}

// PostOfOutput serves as a container for the return parameters of contract
// method PostOf.
type PostOfOutput struct {
	Author   common.Address
	Text     string
	Hidden   bool
	Question *big.Int
}

// UnpackPostOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf6b9d599.
//
// Solidity: function postOf(uint256 id) view returns(address author, string text, bool hidden, uint256 question)
func (messageBoard *MessageBoard) UnpackPostOf(data []byte) (PostOfOutput, error) {
	out, err := messageBoard.abi.Unpack("postOf", data)
	outstruct := new(PostOfOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Author = *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	outstruct.Text = *abi.ConvertType(out[1], new(string)).(*string)
	outstruct.Hidden = *abi.ConvertType(out[2], new(bool)).(*bool)
	outstruct.Question = abi.ConvertType(out[3], new(big.Int)).(*big.Int)
	return *outstruct, nil
}

// PackPrice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa035b1fe.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function price() view returns(uint256)
func (messageBoard *MessageBoard) PackPrice() []byte {
	enc, err := messageBoard.abi.Pack("price")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPrice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa035b1fe.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function price() view returns(uint256)
func (messageBoard *MessageBoard) TryPackPrice() ([]byte, error) {
	return messageBoard.abi.Pack("price")
}

// UnpackPrice is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xa035b1fe.
//
// Solidity: function price() view returns(uint256)
func (messageBoard *MessageBoard) UnpackPrice(data []byte) (*big.Int, error) {
	out, err := messageBoard.abi.Unpack("price", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackWithdraw is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7069fa27.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function withdraw((uint64,bytes32,bytes32,bytes32,uint256,uint256,uint64,bytes32,uint64) header, uint256 question, uint256 spent, bytes32[] proof) returns()
func (messageBoard *MessageBoard) PackWithdraw(header Header, question *big.Int, spent *big.Int, proof [][32]byte) []byte {
	enc, err := messageBoard.abi.Pack("withdraw", header, question, spent, proof)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackWithdraw is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7069fa27.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function withdraw((uint64,bytes32,bytes32,bytes32,uint256,uint256,uint64,bytes32,uint64) header, uint256 question, uint256 spent, bytes32[] proof) returns()
func (messageBoard *MessageBoard) TryPackWithdraw(header Header, question *big.Int, spent *big.Int, proof [][32]byte) ([]byte, error) {
	return messageBoard.abi.Pack("withdraw", header, question, spent, proof)
}

// MessageBoardFlagged represents a Flagged event raised by the MessageBoard contract.
type MessageBoardFlagged struct {
	Post     *big.Int
	Question *big.Int
	Payer    common.Address
	Raw      *types.Log // Blockchain specific contextual infos
}

const MessageBoardFlaggedEventName = "Flagged"

// ContractEventName returns the user-defined event name.
func (MessageBoardFlagged) ContractEventName() string {
	return MessageBoardFlaggedEventName
}

// UnpackFlaggedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Flagged(uint256 indexed post, uint256 indexed question, address indexed payer)
func (messageBoard *MessageBoard) UnpackFlaggedEvent(log *types.Log) (*MessageBoardFlagged, error) {
	event := "Flagged"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != messageBoard.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(MessageBoardFlagged)
	if len(log.Data) > 0 {
		if err := messageBoard.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range messageBoard.abi.Events[event].Inputs {
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

// MessageBoardPosted represents a Posted event raised by the MessageBoard contract.
type MessageBoardPosted struct {
	Post   *big.Int
	Author common.Address
	Text   string
	Raw    *types.Log // Blockchain specific contextual infos
}

const MessageBoardPostedEventName = "Posted"

// ContractEventName returns the user-defined event name.
func (MessageBoardPosted) ContractEventName() string {
	return MessageBoardPostedEventName
}

// UnpackPostedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Posted(uint256 indexed post, address indexed author, string text)
func (messageBoard *MessageBoard) UnpackPostedEvent(log *types.Log) (*MessageBoardPosted, error) {
	event := "Posted"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != messageBoard.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(MessageBoardPosted)
	if len(log.Data) > 0 {
		if err := messageBoard.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range messageBoard.abi.Events[event].Inputs {
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

// MessageBoardSettled represents a Settled event raised by the MessageBoard contract.
type MessageBoardSettled struct {
	Post     *big.Int
	Question *big.Int
	Hidden   bool
	Raw      *types.Log // Blockchain specific contextual infos
}

const MessageBoardSettledEventName = "Settled"

// ContractEventName returns the user-defined event name.
func (MessageBoardSettled) ContractEventName() string {
	return MessageBoardSettledEventName
}

// UnpackSettledEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Settled(uint256 indexed post, uint256 indexed question, bool hidden)
func (messageBoard *MessageBoard) UnpackSettledEvent(log *types.Log) (*MessageBoardSettled, error) {
	event := "Settled"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != messageBoard.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(MessageBoardSettled)
	if len(log.Data) > 0 {
		if err := messageBoard.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range messageBoard.abi.Events[event].Inputs {
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
func (messageBoard *MessageBoard) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], messageBoard.abi.Errors["BoardNoPost"].ID.Bytes()[:4]) {
		return messageBoard.UnpackBoardNoPostError(raw[4:])
	}
	if bytes.Equal(raw[:4], messageBoard.abi.Errors["BoardNoQuestion"].ID.Bytes()[:4]) {
		return messageBoard.UnpackBoardNoQuestionError(raw[4:])
	}
	if bytes.Equal(raw[:4], messageBoard.abi.Errors["BoardNotNow"].ID.Bytes()[:4]) {
		return messageBoard.UnpackBoardNotNowError(raw[4:])
	}
	if bytes.Equal(raw[:4], messageBoard.abi.Errors["BoardNotOracle"].ID.Bytes()[:4]) {
		return messageBoard.UnpackBoardNotOracleError(raw[4:])
	}
	if bytes.Equal(raw[:4], messageBoard.abi.Errors["BoardTooLong"].ID.Bytes()[:4]) {
		return messageBoard.UnpackBoardTooLongError(raw[4:])
	}
	if bytes.Equal(raw[:4], messageBoard.abi.Errors["ReentrancyGuardReentrantCall"].ID.Bytes()[:4]) {
		return messageBoard.UnpackReentrancyGuardReentrantCallError(raw[4:])
	}
	if bytes.Equal(raw[:4], messageBoard.abi.Errors["SafeERC20FailedOperation"].ID.Bytes()[:4]) {
		return messageBoard.UnpackSafeERC20FailedOperationError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// MessageBoardBoardNoPost represents a BoardNoPost error raised by the MessageBoard contract.
type MessageBoardBoardNoPost struct {
	Post *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error BoardNoPost(uint256 post)
func MessageBoardBoardNoPostErrorID() common.Hash {
	return common.HexToHash("0xc8ee735f52a7adad32a97285ce7b620cb5160a8ab2c4d425a5d19090dcf5373f")
}

// UnpackBoardNoPostError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error BoardNoPost(uint256 post)
func (messageBoard *MessageBoard) UnpackBoardNoPostError(raw []byte) (*MessageBoardBoardNoPost, error) {
	out := new(MessageBoardBoardNoPost)
	if err := messageBoard.abi.UnpackIntoInterface(out, "BoardNoPost", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// MessageBoardBoardNoQuestion represents a BoardNoQuestion error raised by the MessageBoard contract.
type MessageBoardBoardNoQuestion struct {
	Question *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error BoardNoQuestion(uint256 question)
func MessageBoardBoardNoQuestionErrorID() common.Hash {
	return common.HexToHash("0x74727c48883a5ea49ff3fc1494d71c964d16742cea3dd1fd4430f820a08e7967")
}

// UnpackBoardNoQuestionError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error BoardNoQuestion(uint256 question)
func (messageBoard *MessageBoard) UnpackBoardNoQuestionError(raw []byte) (*MessageBoardBoardNoQuestion, error) {
	out := new(MessageBoardBoardNoQuestion)
	if err := messageBoard.abi.UnpackIntoInterface(out, "BoardNoQuestion", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// MessageBoardBoardNotNow represents a BoardNotNow error raised by the MessageBoard contract.
type MessageBoardBoardNotNow struct {
	Post *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error BoardNotNow(uint256 post)
func MessageBoardBoardNotNowErrorID() common.Hash {
	return common.HexToHash("0xc8cbf6d907340fc3f722047f03d61390ed7ccff0b700c7f834bb4a47e3617d9f")
}

// UnpackBoardNotNowError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error BoardNotNow(uint256 post)
func (messageBoard *MessageBoard) UnpackBoardNotNowError(raw []byte) (*MessageBoardBoardNotNow, error) {
	out := new(MessageBoardBoardNotNow)
	if err := messageBoard.abi.UnpackIntoInterface(out, "BoardNotNow", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// MessageBoardBoardNotOracle represents a BoardNotOracle error raised by the MessageBoard contract.
type MessageBoardBoardNotOracle struct {
	Account common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error BoardNotOracle(address account)
func MessageBoardBoardNotOracleErrorID() common.Hash {
	return common.HexToHash("0x5ac15da8e7698b256322ce5937e0d8bcf4905f1504f997cdeecb6f0cf983bbea")
}

// UnpackBoardNotOracleError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error BoardNotOracle(address account)
func (messageBoard *MessageBoard) UnpackBoardNotOracleError(raw []byte) (*MessageBoardBoardNotOracle, error) {
	out := new(MessageBoardBoardNotOracle)
	if err := messageBoard.abi.UnpackIntoInterface(out, "BoardNotOracle", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// MessageBoardBoardTooLong represents a BoardTooLong error raised by the MessageBoard contract.
type MessageBoardBoardTooLong struct {
	Length *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error BoardTooLong(uint256 length)
func MessageBoardBoardTooLongErrorID() common.Hash {
	return common.HexToHash("0x4f6a8c3dcce319c023c1b9f8795ac92ba6bd8329be88e4a4dc1e5846b2259601")
}

// UnpackBoardTooLongError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error BoardTooLong(uint256 length)
func (messageBoard *MessageBoard) UnpackBoardTooLongError(raw []byte) (*MessageBoardBoardTooLong, error) {
	out := new(MessageBoardBoardTooLong)
	if err := messageBoard.abi.UnpackIntoInterface(out, "BoardTooLong", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// MessageBoardReentrancyGuardReentrantCall represents a ReentrancyGuardReentrantCall error raised by the MessageBoard contract.
type MessageBoardReentrancyGuardReentrantCall struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ReentrancyGuardReentrantCall()
func MessageBoardReentrancyGuardReentrantCallErrorID() common.Hash {
	return common.HexToHash("0x3ee5aeb571de7fc460830b4d0017439a1ca56fb0bc39062227ade4fe4a24c1ca")
}

// UnpackReentrancyGuardReentrantCallError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ReentrancyGuardReentrantCall()
func (messageBoard *MessageBoard) UnpackReentrancyGuardReentrantCallError(raw []byte) (*MessageBoardReentrancyGuardReentrantCall, error) {
	out := new(MessageBoardReentrancyGuardReentrantCall)
	if err := messageBoard.abi.UnpackIntoInterface(out, "ReentrancyGuardReentrantCall", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// MessageBoardSafeERC20FailedOperation represents a SafeERC20FailedOperation error raised by the MessageBoard contract.
type MessageBoardSafeERC20FailedOperation struct {
	Token common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SafeERC20FailedOperation(address token)
func MessageBoardSafeERC20FailedOperationErrorID() common.Hash {
	return common.HexToHash("0x5274afe73c98b4749fc91ffae6b7b574e7842cb2144a159e9377a5f20b32edf9")
}

// UnpackSafeERC20FailedOperationError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SafeERC20FailedOperation(address token)
func (messageBoard *MessageBoard) UnpackSafeERC20FailedOperationError(raw []byte) (*MessageBoardSafeERC20FailedOperation, error) {
	out := new(MessageBoardSafeERC20FailedOperation)
	if err := messageBoard.abi.UnpackIntoInterface(out, "SafeERC20FailedOperation", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OracleMetaData contains all meta data concerning the Oracle contract.
var OracleMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"contractVault\",\"name\":\"vault_\",\"type\":\"address\"},{\"internalType\":\"uint16\",\"name\":\"minQuorum_\",\"type\":\"uint16\"},{\"internalType\":\"uint256\",\"name\":\"maxPayment_\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[],\"name\":\"MAX_ANSWERS\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"MAX_CALLBACK_GAS\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"MAX_OPTION\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"MAX_OPTIONS\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"MAX_TEXT\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"MAX_TIME\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"string\",\"name\":\"text\",\"type\":\"string\"},{\"internalType\":\"bytes32\",\"name\":\"content\",\"type\":\"bytes32\"},{\"internalType\":\"string[]\",\"name\":\"options\",\"type\":\"string[]\"},{\"internalType\":\"uint16\",\"name\":\"minAnswers\",\"type\":\"uint16\"},{\"internalType\":\"uint16\",\"name\":\"maxAnswers\",\"type\":\"uint16\"},{\"internalType\":\"uint32\",\"name\":\"targetPpm\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"},{\"internalType\":\"uint256\",\"name\":\"payment\",\"type\":\"uint256\"},{\"internalType\":\"uint32\",\"name\":\"callbackGas\",\"type\":\"uint32\"}],\"internalType\":\"structOracle.Ask\",\"name\":\"a\",\"type\":\"tuple\"}],\"name\":\"ask\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"asked\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"deliver\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"payouts\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"spending\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"verdicts\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"total\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"spent\",\"type\":\"uint256\"},{\"internalType\":\"uint64\",\"name\":\"through\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"logRoot\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"logSize\",\"type\":\"uint64\"}],\"internalType\":\"structHeader\",\"name\":\"header\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"internalType\":\"enumOutcome\",\"name\":\"outcome\",\"type\":\"uint8\"},{\"internalType\":\"uint16\",\"name\":\"choice\",\"type\":\"uint16\"},{\"internalType\":\"uint32\",\"name\":\"confidencePpm\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"answers\",\"type\":\"uint32\"},{\"internalType\":\"bytes32\",\"name\":\"verdictHash\",\"type\":\"bytes32\"}],\"internalType\":\"structVerdict\",\"name\":\"verdict\",\"type\":\"tuple\"},{\"internalType\":\"bytes32[]\",\"name\":\"proof\",\"type\":\"bytes32[]\"}],\"name\":\"fulfil\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"internalType\":\"enumOutcome\",\"name\":\"outcome\",\"type\":\"uint8\"},{\"internalType\":\"uint16\",\"name\":\"choice\",\"type\":\"uint16\"},{\"internalType\":\"uint32\",\"name\":\"confidencePpm\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"answers\",\"type\":\"uint32\"},{\"internalType\":\"bytes32\",\"name\":\"verdictHash\",\"type\":\"bytes32\"}],\"internalType\":\"structVerdict\",\"name\":\"v\",\"type\":\"tuple\"}],\"name\":\"leafOf\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"maxPayment\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"minQuorum\",\"outputs\":[{\"internalType\":\"uint16\",\"name\":\"\",\"type\":\"uint16\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"token\",\"outputs\":[{\"internalType\":\"contractIERC20\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"vault\",\"outputs\":[{\"internalType\":\"contractVault\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"verdictOf\",\"outputs\":[{\"components\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"internalType\":\"enumOutcome\",\"name\":\"outcome\",\"type\":\"uint8\"},{\"internalType\":\"uint16\",\"name\":\"choice\",\"type\":\"uint16\"},{\"internalType\":\"uint32\",\"name\":\"confidencePpm\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"answers\",\"type\":\"uint32\"},{\"internalType\":\"bytes32\",\"name\":\"verdictHash\",\"type\":\"bytes32\"}],\"internalType\":\"structVerdict\",\"name\":\"verdict\",\"type\":\"tuple\"},{\"internalType\":\"bool\",\"name\":\"delivered\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"asker\",\"type\":\"address\"},{\"components\":[{\"internalType\":\"string\",\"name\":\"text\",\"type\":\"string\"},{\"internalType\":\"bytes32\",\"name\":\"content\",\"type\":\"bytes32\"},{\"internalType\":\"string[]\",\"name\":\"options\",\"type\":\"string[]\"},{\"internalType\":\"uint16\",\"name\":\"minAnswers\",\"type\":\"uint16\"},{\"internalType\":\"uint16\",\"name\":\"maxAnswers\",\"type\":\"uint16\"},{\"internalType\":\"uint32\",\"name\":\"targetPpm\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"},{\"internalType\":\"uint256\",\"name\":\"payment\",\"type\":\"uint256\"},{\"internalType\":\"uint32\",\"name\":\"callbackGas\",\"type\":\"uint32\"}],\"indexed\":false,\"internalType\":\"structOracle.Ask\",\"name\":\"ask\",\"type\":\"tuple\"}],\"name\":\"Asked\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"Delivered\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"DeliveryFailed\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"components\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"internalType\":\"enumOutcome\",\"name\":\"outcome\",\"type\":\"uint8\"},{\"internalType\":\"uint16\",\"name\":\"choice\",\"type\":\"uint16\"},{\"internalType\":\"uint32\",\"name\":\"confidencePpm\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"answers\",\"type\":\"uint32\"},{\"internalType\":\"bytes32\",\"name\":\"verdictHash\",\"type\":\"bytes32\"}],\"indexed\":false,\"internalType\":\"structVerdict\",\"name\":\"verdict\",\"type\":\"tuple\"}],\"name\":\"Fulfilled\",\"type\":\"event\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"name\":\"OracleBadDeadline\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"gas\",\"type\":\"uint256\"}],\"name\":\"OracleBadGas\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"OracleBadOptions\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"payment\",\"type\":\"uint256\"}],\"name\":\"OracleBadPayment\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"OracleBadPolicy\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"OracleBadProof\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"OracleBadTerms\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"length\",\"type\":\"uint256\"}],\"name\":\"OracleBadText\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"OracleBadVerdict\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"OracleFulfilled\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"needed\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"answers\",\"type\":\"uint256\"}],\"name\":\"OracleNoQuorum\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"OracleNotDue\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"}],\"name\":\"OracleNotInForce\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"needed\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"left\",\"type\":\"uint256\"}],\"name\":\"OracleTooLittleGas\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"OracleUnknown\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ReentrancyGuardReentrantCall\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"}],\"name\":\"SafeERC20FailedOperation\",\"type\":\"error\"}]",
	ID:  "3137c06fc0931594af01413e5f1a12d5d3",
	Bin: "0x610100604052348015610010575f5ffd5b50604051611cd2380380611cd283398101604081905261002f91610112565b5f8261ffff1611801561004157505f81115b801561005457506001600160801b038111155b6100715760405163b185236f60e01b815260040160405180910390fd5b6001600160a01b038316608081905260408051637e062a3560e11b8152905163fc0c546a916004808201926020929091908290030181865afa1580156100b9573d5f5f3e3d5ffd5b505050506040513d601f19601f820116820180604052508101906100dd9190610158565b6001600160a01b031660a05261ffff90911660c05260e0525061017a565b6001600160a01b038116811461010f575f5ffd5b50565b5f5f5f60608486031215610124575f5ffd5b835161012f816100fb565b602085015190935061ffff81168114610146575f5ffd5b80925050604084015190509250925092565b5f60208284031215610168575f5ffd5b8151610173816100fb565b9392505050565b60805160a05160c05160e051611af46101de5f395f81816101fe015261055501525f818161017d01526103ab01525f81816102640152818161072a015261076301525f818161022501528181610785015281816107d401526109210152611af45ff3fe608060405234801561000f575f5ffd5b50600436106100fb575f3560e01c8063b3c98c8a11610093578063de11038911610063578063de110389146101e6578063e457bf05146101f9578063fbfa77cf14610220578063fc0c546a1461025f575f5ffd5b8063b3c98c8a14610170578063b5a127e514610178578063ba7d6583146101b2578063bcaa6cf7146101c5575f5ffd5b80636d9809a0116100ce5780636d9809a01461014c578063701c737214610156578063a40198351461015f578063a5623a2f14610168575f5ffd5b80630da183d6146100ff578063269499841461011a5780633bd5d173146101245780633ebd2e6414610139575b5f5ffd5b610107601481565b6040519081526020015b60405180910390f35b61010762278d0081565b61013761013236600461138e565b610286565b005b6101076101473660046113bc565b610338565b610107621e848081565b6101076103e881565b610107610fa081565b6101075f5481565b61010760c881565b61019f7f000000000000000000000000000000000000000000000000000000000000000081565b60405161ffff9091168152602001610111565b6101376101c0366004611405565b610887565b6101d86101d336600461138e565b610b97565b60405161011192919061151c565b6101076101f4366004611539565b610bf5565b6101077f000000000000000000000000000000000000000000000000000000000000000081565b6102477f000000000000000000000000000000000000000000000000000000000000000081565b6040516001600160a01b039091168152602001610111565b6102477f000000000000000000000000000000000000000000000000000000000000000081565b61028e610c8c565b5f818152600160205260408120906001820154600160401b900460ff1660038111156102bc576102bc611495565b141580156102d357508054600160e01b900460ff16155b80156102ec57508054600160a01b900463ffffffff1615155b829061031757604051636d56e1a360e11b815260040161030e91815260200190565b60405180910390fd5b5061032c816103268484610cc3565b5a610d74565b50610335610ebc565b50565b5f610341610c8c565b5f61034c8380611553565b915050610fa0811180159061036d57505f81118061036d5750602083013515155b819061038f576040516301f1212d60e11b815260040161030e91815260200190565b506103a56103a0604085018561159c565b610ee6565b5f61ffff7f0000000000000000000000000000000000000000000000000000000000000000166103db60808601606087016115f2565b61ffff161015801561041357506103f860a08501608086016115f2565b61ffff1661040c60808601606087016115f2565b61ffff1611155b801561043457506103e861042d60a08601608087016115f2565b61ffff1611155b90505f61044760c0860160a0870161161e565b63ffffffff16158061049257506207a12061046860c0870160a0880161161e565b63ffffffff161180156104925750620f424061048a60c0870160a0880161161e565b63ffffffff16105b905081801561049e5750805b6104bb5760405163cc1e3dd160e01b815260040160405180910390fd5b5f426104cd60e0880160c08901611656565b6001600160401b031611801561050757506104eb62278d0042611685565b6104fb60e0880160c08901611656565b6001600160401b031611155b90508061051a60e0880160c08901611656565b9061054457604051634be9d9eb60e01b81526001600160401b03909116600482015260240161030e565b505f8660e0013511801561057c57507f00000000000000000000000000000000000000000000000000000000000000008660e0013511155b8660e00135906105a257604051633245062760e11b815260040161030e91815260200190565b50621e84806105b96101208801610100890161161e565b63ffffffff1611156105d36101208801610100890161161e565b906105fa5760405163b18701db60e01b815263ffffffff909116600482015260240161030e565b50305f5f815461060990611698565b918290555060405161062392919033908a90602001611896565b60408051601f1981840301815291815281516020928301205f818152600190935291209095503361065c61012089016101008a0161161e565b61066c60808a0160608b016115f2565b61067c60e08b0160c08c01611656565b6001850180546001600160401b0390921667ffffffffffffffff1990921691909117905583546001600160a01b039093166001600160a01b031963ffffffff909316600160a01b0263ffffffff60a01b1961ffff909316600160c01b029290921665ffffffffffff60a01b19909416939093171716178155610701604088018861159c565b825461ffff909116600160d01b0261ffff60d01b19909116178255506107566001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016333060e08b0135610f82565b6107ae6001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000167f000000000000000000000000000000000000000000000000000000000000000060e08a0135610fb8565b604051631d64487f60e31b81523360048201526024810187905260e088013560448201527f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03169063eb2243f8906064015f604051808303815f87803b15801561081d575f5ffd5b505af115801561082f573d5f5f3e3d5ffd5b50505050336001600160a01b0316867f42958f49beb9cc11518c8fbb480134e46aee9da7f3d460c1717c9bff6c7a23688960405161086d91906118d2565b60405180910390a35050505050610882610ebc565b919050565b61088f610c8c565b82355f81815260016020526040902080549091906001600160a01b03166108cc57604051630cfc6c3960e01b815260040161030e91815260200190565b505f6001820154600160401b900460ff1660038111156108ee576108ee611495565b853591146109125760405163a6b3e0a360e01b815260040161030e91815260200190565b5061091d8185611032565b5f5f7f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031663a51e7b626040518163ffffffff1660e01b81526004016040805180830381865afa15801561097a573d5f5f3e3d5ffd5b505050506040513d601f19601f8201168201806040525081019061099e91906118e4565b915091505f826001600160401b03161180156109c15750806109bf886111dc565b145b6109ce6020890189611656565b906109f85760405163174a067160e01b81526001600160401b03909116600482015260240161030e565b50610a1185858960600135610a0c8a610bf5565b6111f1565b610a2e5760405163e5ba336560e01b815260040160405180910390fd5b610a3e604087016020880161191e565b610a4e60608801604089016115f2565b610a5e6080890160608a0161161e565b6001860180546effffffffffff0000000000000000001916600160581b63ffffffff8416026affff000000000000000000191617600160481b61ffff8516021780825584919068ff00000000000000001916600160401b836003811115610ac757610ac7611495565b0217905550610ae09250505060a087016080880161161e565b60a0870135600285015560018401805463ffffffff909216600160781b0263ffffffff60781b199092169190911790556040518635907f7a50cb6bd04b4570497a9fc0e6b52a7d2d8180a3fc50deb240d04488cc4fd6dc90610b43908990611937565b60405180910390a28254600160a01b900463ffffffff1615610b8657610b8683610b72368990038901896119ad565b8554600160a01b900463ffffffff16610d74565b505050610b91610ebc565b50505050565b6040805160c0810182525f80825260208201819052918101829052606081018290526080810182905260a08101919091525f828152600160205260408120610bdf8482610cc3565b90549094600160e01b90910460ff169350915050565b5f80308335610c0a604086016020870161191e565b610c1a60608701604088016115f2565b610c2a608088016060890161161e565b610c3a60a0890160808a0161161e565b8860a00135604051602001610c559796959493929190611a4b565b60408051808303601f1901815282825280516020918201208184015281518084038201815292820190915281519101209392505050565b610c94611208565b610cc160017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005b90611248565b565b6040805160c0810182525f80825260208201819052918101829052606081018290526080810182905260a08101919091526040518060c001604052808481526020018360010160089054906101000a900460ff166003811115610d2857610d28611495565b8152600184015461ffff600160481b820416602083015263ffffffff600160581b820481166040840152600160781b909104166060820152600284015460809091015290505b92915050565b82545f90619c4090603f90610d9790600160a01b900463ffffffff166040611a9c565b610da19190611ab3565b610dab9190611685565b9050805a1015815a9091610ddb5760405163114881f160e11b81526004810192909252602482015260440161030e565b5050835460ff60e01b1916600160e01b1784556040515f90610e01908590602401611ad2565b60408051601f198184030181529190526020810180516001600160e01b03166362b7f10d60e01b178152865482519293506001600160a01b0316915f918291829182868af190508015610e7d5785516040517ffcc296b8bdd64e3f1d1faadef50cb2d6550f645316330fe57cb1dd7e0612ead0905f90a2610eb3565b865460ff60e01b1916875585516040517fa3b1aba822809b7062a3a157dea6aa47d743b81feac78a2a60e5dc1b4d60a447905f90a25b50505050505050565b610cc15f7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f00610cbb565b60028110801590610ef8575060148111155b610f1557604051634cac3d7b60e01b815260040160405180910390fd5b5f5b81811015610f7d575f838383818110610f3257610f32611ae0565b9050602002810190610f449190611553565b9150508015801590610f57575060c88111155b610f7457604051634cac3d7b60e01b815260040160405180910390fd5b50600101610f17565b505050565b610f9084848484600161124f565b610b9157604051635274afe760e01b81526001600160a01b038516600482015260240161030e565b610fc48383835f6112bc565b610f7d57610fd583835f60016112bc565b610ffd57604051635274afe760e01b81526001600160a01b038416600482015260240161030e565b61100a83838360016112bc565b610f7d57604051635274afe760e01b81526001600160a01b038416600482015260240161030e565b6003611044604083016020840161191e565b600381111561105557611055611495565b036110c85760018201546001600160401b03164210801590611088575061108260608201604083016115f2565b61ffff16155b80156110a7575061109f608082016060830161161e565b63ffffffff16155b6110c45760405163b2293def60e01b815260040160405180910390fd5b5050565b5f806110da604084016020850161191e565b60038111156110eb576110eb611495565b1415801561111757508254600160d01b900461ffff1661111160608401604085016115f2565b61ffff16105b801561113b5750620f4240611132608084016060850161161e565b63ffffffff1611155b90508061115b5760405163b2293def60e01b815260040160405180910390fd5b8254600160c01b900461ffff1661117860a084016080850161161e565b845463ffffffff91909116919091101590600160c01b900461ffff166111a460a085016080860161161e565b90916111d55760405163da1321a960e01b815261ffff909216600483015263ffffffff16602482015260440161030e565b5050505050565b5f604051610120838237610120902092915050565b5f826111fe86868561131e565b1495945050505050565b7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005c15610cc157604051633ee5aeb560e01b815260040160405180910390fd5b80825d5050565b6040516323b872dd60e01b5f8181526001600160a01b038781166004528616602452604485905291602083606481808c5af1925060015f511483166112ab57838315161561129f573d5f823e3d81fd5b5f883b113d1516831692505b604052505f60605295945050505050565b60405163095ea7b360e01b5f8181526001600160a01b038616600452602485905291602083604481808b5af1925060015f51148316611312578383151615611306573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b5f81815b848110156113565761134c8287878481811061134057611340611ae0565b9050602002013561135f565b9150600101611322565b50949350505050565b5f818310611379575f828152602084905260409020611387565b5f8381526020839052604090205b9392505050565b5f6020828403121561139e575f5ffd5b5035919050565b5f61012082840312156113b6575f5ffd5b50919050565b5f602082840312156113cc575f5ffd5b81356001600160401b038111156113e1575f5ffd5b6113ed848285016113a5565b949350505050565b5f60c082840312156113b6575f5ffd5b5f5f5f5f6102008587031215611419575f5ffd5b61142386866113a5565b93506114338661012087016113f5565b92506101e08501356001600160401b0381111561144e575f5ffd5b8501601f8101871361145e575f5ffd5b80356001600160401b03811115611473575f5ffd5b8760208260051b8401011115611487575f5ffd5b949793965060200194505050565b634e487b7160e01b5f52602160045260245ffd5b600481106114c557634e487b7160e01b5f52602160045260245ffd5b9052565b8051825260208101516114df60208401826114a9565b5061ffff604082015116604083015263ffffffff606082015116606083015263ffffffff608082015116608083015260a081015160a08301525050565b60e0810161152a82856114c9565b82151560c08301529392505050565b5f60c08284031215611549575f5ffd5b61138783836113f5565b5f5f8335601e19843603018112611568575f5ffd5b8301803591506001600160401b03821115611581575f5ffd5b602001915036819003821315611595575f5ffd5b9250929050565b5f5f8335601e198436030181126115b1575f5ffd5b8301803591506001600160401b038211156115ca575f5ffd5b6020019150600581901b3603821315611595575f5ffd5b803561ffff81168114610882575f5ffd5b5f60208284031215611602575f5ffd5b611387826115e1565b803563ffffffff81168114610882575f5ffd5b5f6020828403121561162e575f5ffd5b6113878261160b565b6001600160401b0381168114610335575f5ffd5b803561088281611637565b5f60208284031215611666575f5ffd5b813561138781611637565b634e487b7160e01b5f52601160045260245ffd5b80820180821115610d6e57610d6e611671565b5f600182016116a9576116a9611671565b5060010190565b5f5f8335601e198436030181126116c5575f5ffd5b83016020810192503590506001600160401b038111156116e3575f5ffd5b803603821315611595575f5ffd5b81835281816020850137505f828201602090810191909152601f909101601f19169091010190565b5f5f8335601e1984360301811261172e575f5ffd5b83016020810192503590506001600160401b0381111561174c575f5ffd5b8060051b3603821315611595575f5ffd5b5f8383855260208501945060208460051b820101835f5b868110156117b257838303601f1901885261178f82876116b0565b61179a8582846116f1565b60209a8b019a90955093909301925050600101611774565b50909695505050505050565b5f6117c982836116b0565b61012085526117dd610120860182846116f1565b6020858101359087015291506117f890506040840184611719565b858303604087015261180b83828461175d565b9250505061181b606084016115e1565b61ffff166060850152611830608084016115e1565b61ffff16608085015261184560a0840161160b565b63ffffffff1660a085015261185c60c0840161164b565b6001600160401b031660c085015260e08381013590850152611881610100840161160b565b63ffffffff8116610100860152509392505050565b6001600160a01b03858116825260208201859052831660408201526080606082018190525f906118c8908301846117be565b9695505050505050565b602081525f61138760208301846117be565b5f5f604083850312156118f5575f5ffd5b825161190081611637565b6020939093015192949293505050565b803560048110610882575f5ffd5b5f6020828403121561192e575f5ffd5b61138782611910565b8135815260c0810161194b60208401611910565b61195860208401826114a9565b5061ffff611968604085016115e1565b16604083015263ffffffff61197f6060850161160b565b16606083015263ffffffff6119966080850161160b565b16608083015260a092830135929091019190915290565b5f60c08284031280156119be575f5ffd5b5060405160c081016001600160401b03811182821017156119ed57634e487b7160e01b5f52604160045260245ffd5b60405282358152611a0060208401611910565b6020820152611a11604084016115e1565b6040820152611a226060840161160b565b6060820152611a336080840161160b565b608082015260a0928301359281019290925250919050565b6001600160a01b03881681526020810187905260e08101611a6f60408301886114a9565b61ffff95909516606082015263ffffffff93841660808201529190921660a082015260c001529392505050565b8082028115828204841417610d6e57610d6e611671565b5f82611acd57634e487b7160e01b5f52601260045260245ffd5b500490565b60c08101610d6e82846114c9565b634e487b7160e01b5f52603260045260245ffd",
}

// Oracle is an auto generated Go binding around an Ethereum contract.
type Oracle struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *Oracle) GetABI() abi.ABI {
	return c.abi
}

// NewOracle creates a new instance of Oracle.
func NewOracle() *Oracle {
	parsed, err := OracleMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &Oracle{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *Oracle) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(address vault_, uint16 minQuorum_, uint256 maxPayment_) returns()
func (oracle *Oracle) PackConstructor(vault_ common.Address, minQuorum_ uint16, maxPayment_ *big.Int) []byte {
	enc, err := oracle.abi.Pack("", vault_, minQuorum_, maxPayment_)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackMAXANSWERS is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x701c7372.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function MAX_ANSWERS() view returns(uint256)
func (oracle *Oracle) PackMAXANSWERS() []byte {
	enc, err := oracle.abi.Pack("MAX_ANSWERS")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMAXANSWERS is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x701c7372.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function MAX_ANSWERS() view returns(uint256)
func (oracle *Oracle) TryPackMAXANSWERS() ([]byte, error) {
	return oracle.abi.Pack("MAX_ANSWERS")
}

// UnpackMAXANSWERS is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x701c7372.
//
// Solidity: function MAX_ANSWERS() view returns(uint256)
func (oracle *Oracle) UnpackMAXANSWERS(data []byte) (*big.Int, error) {
	out, err := oracle.abi.Unpack("MAX_ANSWERS", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMAXCALLBACKGAS is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6d9809a0.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function MAX_CALLBACK_GAS() view returns(uint256)
func (oracle *Oracle) PackMAXCALLBACKGAS() []byte {
	enc, err := oracle.abi.Pack("MAX_CALLBACK_GAS")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMAXCALLBACKGAS is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6d9809a0.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function MAX_CALLBACK_GAS() view returns(uint256)
func (oracle *Oracle) TryPackMAXCALLBACKGAS() ([]byte, error) {
	return oracle.abi.Pack("MAX_CALLBACK_GAS")
}

// UnpackMAXCALLBACKGAS is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x6d9809a0.
//
// Solidity: function MAX_CALLBACK_GAS() view returns(uint256)
func (oracle *Oracle) UnpackMAXCALLBACKGAS(data []byte) (*big.Int, error) {
	out, err := oracle.abi.Unpack("MAX_CALLBACK_GAS", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMAXOPTION is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb3c98c8a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function MAX_OPTION() view returns(uint256)
func (oracle *Oracle) PackMAXOPTION() []byte {
	enc, err := oracle.abi.Pack("MAX_OPTION")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMAXOPTION is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb3c98c8a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function MAX_OPTION() view returns(uint256)
func (oracle *Oracle) TryPackMAXOPTION() ([]byte, error) {
	return oracle.abi.Pack("MAX_OPTION")
}

// UnpackMAXOPTION is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xb3c98c8a.
//
// Solidity: function MAX_OPTION() view returns(uint256)
func (oracle *Oracle) UnpackMAXOPTION(data []byte) (*big.Int, error) {
	out, err := oracle.abi.Unpack("MAX_OPTION", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMAXOPTIONS is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0da183d6.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function MAX_OPTIONS() view returns(uint256)
func (oracle *Oracle) PackMAXOPTIONS() []byte {
	enc, err := oracle.abi.Pack("MAX_OPTIONS")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMAXOPTIONS is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0da183d6.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function MAX_OPTIONS() view returns(uint256)
func (oracle *Oracle) TryPackMAXOPTIONS() ([]byte, error) {
	return oracle.abi.Pack("MAX_OPTIONS")
}

// UnpackMAXOPTIONS is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x0da183d6.
//
// Solidity: function MAX_OPTIONS() view returns(uint256)
func (oracle *Oracle) UnpackMAXOPTIONS(data []byte) (*big.Int, error) {
	out, err := oracle.abi.Unpack("MAX_OPTIONS", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMAXTEXT is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa4019835.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function MAX_TEXT() view returns(uint256)
func (oracle *Oracle) PackMAXTEXT() []byte {
	enc, err := oracle.abi.Pack("MAX_TEXT")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMAXTEXT is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa4019835.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function MAX_TEXT() view returns(uint256)
func (oracle *Oracle) TryPackMAXTEXT() ([]byte, error) {
	return oracle.abi.Pack("MAX_TEXT")
}

// UnpackMAXTEXT is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xa4019835.
//
// Solidity: function MAX_TEXT() view returns(uint256)
func (oracle *Oracle) UnpackMAXTEXT(data []byte) (*big.Int, error) {
	out, err := oracle.abi.Unpack("MAX_TEXT", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMAXTIME is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x26949984.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function MAX_TIME() view returns(uint256)
func (oracle *Oracle) PackMAXTIME() []byte {
	enc, err := oracle.abi.Pack("MAX_TIME")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMAXTIME is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x26949984.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function MAX_TIME() view returns(uint256)
func (oracle *Oracle) TryPackMAXTIME() ([]byte, error) {
	return oracle.abi.Pack("MAX_TIME")
}

// UnpackMAXTIME is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x26949984.
//
// Solidity: function MAX_TIME() view returns(uint256)
func (oracle *Oracle) UnpackMAXTIME(data []byte) (*big.Int, error) {
	out, err := oracle.abi.Unpack("MAX_TIME", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackAsk is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3ebd2e64.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function ask((string,bytes32,string[],uint16,uint16,uint32,uint64,uint256,uint32) a) returns(uint256 id)
func (oracle *Oracle) PackAsk(a OracleAsk) []byte {
	enc, err := oracle.abi.Pack("ask", a)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAsk is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3ebd2e64.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function ask((string,bytes32,string[],uint16,uint16,uint32,uint64,uint256,uint32) a) returns(uint256 id)
func (oracle *Oracle) TryPackAsk(a OracleAsk) ([]byte, error) {
	return oracle.abi.Pack("ask", a)
}

// UnpackAsk is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x3ebd2e64.
//
// Solidity: function ask((string,bytes32,string[],uint16,uint16,uint32,uint64,uint256,uint32) a) returns(uint256 id)
func (oracle *Oracle) UnpackAsk(data []byte) (*big.Int, error) {
	out, err := oracle.abi.Unpack("ask", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackAsked is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa5623a2f.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function asked() view returns(uint256)
func (oracle *Oracle) PackAsked() []byte {
	enc, err := oracle.abi.Pack("asked")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAsked is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa5623a2f.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function asked() view returns(uint256)
func (oracle *Oracle) TryPackAsked() ([]byte, error) {
	return oracle.abi.Pack("asked")
}

// UnpackAsked is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xa5623a2f.
//
// Solidity: function asked() view returns(uint256)
func (oracle *Oracle) UnpackAsked(data []byte) (*big.Int, error) {
	out, err := oracle.abi.Unpack("asked", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackDeliver is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3bd5d173.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function deliver(uint256 id) returns()
func (oracle *Oracle) PackDeliver(id *big.Int) []byte {
	enc, err := oracle.abi.Pack("deliver", id)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDeliver is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3bd5d173.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function deliver(uint256 id) returns()
func (oracle *Oracle) TryPackDeliver(id *big.Int) ([]byte, error) {
	return oracle.abi.Pack("deliver", id)
}

// PackFulfil is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xba7d6583.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function fulfil((uint64,bytes32,bytes32,bytes32,uint256,uint256,uint64,bytes32,uint64) header, (uint256,uint8,uint16,uint32,uint32,bytes32) verdict, bytes32[] proof) returns()
func (oracle *Oracle) PackFulfil(header Header, verdict Verdict, proof [][32]byte) []byte {
	enc, err := oracle.abi.Pack("fulfil", header, verdict, proof)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackFulfil is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xba7d6583.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function fulfil((uint64,bytes32,bytes32,bytes32,uint256,uint256,uint64,bytes32,uint64) header, (uint256,uint8,uint16,uint32,uint32,bytes32) verdict, bytes32[] proof) returns()
func (oracle *Oracle) TryPackFulfil(header Header, verdict Verdict, proof [][32]byte) ([]byte, error) {
	return oracle.abi.Pack("fulfil", header, verdict, proof)
}

// PackLeafOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xde110389.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function leafOf((uint256,uint8,uint16,uint32,uint32,bytes32) v) view returns(bytes32)
func (oracle *Oracle) PackLeafOf(v Verdict) []byte {
	enc, err := oracle.abi.Pack("leafOf", v)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLeafOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xde110389.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function leafOf((uint256,uint8,uint16,uint32,uint32,bytes32) v) view returns(bytes32)
func (oracle *Oracle) TryPackLeafOf(v Verdict) ([]byte, error) {
	return oracle.abi.Pack("leafOf", v)
}

// UnpackLeafOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xde110389.
//
// Solidity: function leafOf((uint256,uint8,uint16,uint32,uint32,bytes32) v) view returns(bytes32)
func (oracle *Oracle) UnpackLeafOf(data []byte) ([32]byte, error) {
	out, err := oracle.abi.Unpack("leafOf", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackMaxPayment is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe457bf05.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function maxPayment() view returns(uint256)
func (oracle *Oracle) PackMaxPayment() []byte {
	enc, err := oracle.abi.Pack("maxPayment")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMaxPayment is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe457bf05.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function maxPayment() view returns(uint256)
func (oracle *Oracle) TryPackMaxPayment() ([]byte, error) {
	return oracle.abi.Pack("maxPayment")
}

// UnpackMaxPayment is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xe457bf05.
//
// Solidity: function maxPayment() view returns(uint256)
func (oracle *Oracle) UnpackMaxPayment(data []byte) (*big.Int, error) {
	out, err := oracle.abi.Unpack("maxPayment", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackMinQuorum is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb5a127e5.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function minQuorum() view returns(uint16)
func (oracle *Oracle) PackMinQuorum() []byte {
	enc, err := oracle.abi.Pack("minQuorum")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMinQuorum is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb5a127e5.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function minQuorum() view returns(uint16)
func (oracle *Oracle) TryPackMinQuorum() ([]byte, error) {
	return oracle.abi.Pack("minQuorum")
}

// UnpackMinQuorum is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xb5a127e5.
//
// Solidity: function minQuorum() view returns(uint16)
func (oracle *Oracle) UnpackMinQuorum(data []byte) (uint16, error) {
	out, err := oracle.abi.Unpack("minQuorum", data)
	if err != nil {
		return *new(uint16), err
	}
	out0 := *abi.ConvertType(out[0], new(uint16)).(*uint16)
	return out0, nil
}

// PackToken is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfc0c546a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function token() view returns(address)
func (oracle *Oracle) PackToken() []byte {
	enc, err := oracle.abi.Pack("token")
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
func (oracle *Oracle) TryPackToken() ([]byte, error) {
	return oracle.abi.Pack("token")
}

// UnpackToken is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xfc0c546a.
//
// Solidity: function token() view returns(address)
func (oracle *Oracle) UnpackToken(data []byte) (common.Address, error) {
	out, err := oracle.abi.Unpack("token", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackVault is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfbfa77cf.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function vault() view returns(address)
func (oracle *Oracle) PackVault() []byte {
	enc, err := oracle.abi.Pack("vault")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackVault is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfbfa77cf.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function vault() view returns(address)
func (oracle *Oracle) TryPackVault() ([]byte, error) {
	return oracle.abi.Pack("vault")
}

// UnpackVault is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xfbfa77cf.
//
// Solidity: function vault() view returns(address)
func (oracle *Oracle) UnpackVault(data []byte) (common.Address, error) {
	out, err := oracle.abi.Unpack("vault", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackVerdictOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xbcaa6cf7.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function verdictOf(uint256 id) view returns((uint256,uint8,uint16,uint32,uint32,bytes32) verdict, bool delivered)
func (oracle *Oracle) PackVerdictOf(id *big.Int) []byte {
	enc, err := oracle.abi.Pack("verdictOf", id)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackVerdictOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xbcaa6cf7.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function verdictOf(uint256 id) view returns((uint256,uint8,uint16,uint32,uint32,bytes32) verdict, bool delivered)
func (oracle *Oracle) TryPackVerdictOf(id *big.Int) ([]byte, error) {
	return oracle.abi.Pack("verdictOf", id)
}

// VerdictOfOutput serves as a container for the return parameters of contract
// method VerdictOf.
type VerdictOfOutput struct {
	Verdict   Verdict
	Delivered bool
}

// UnpackVerdictOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xbcaa6cf7.
//
// Solidity: function verdictOf(uint256 id) view returns((uint256,uint8,uint16,uint32,uint32,bytes32) verdict, bool delivered)
func (oracle *Oracle) UnpackVerdictOf(data []byte) (VerdictOfOutput, error) {
	out, err := oracle.abi.Unpack("verdictOf", data)
	outstruct := new(VerdictOfOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Verdict = *abi.ConvertType(out[0], new(Verdict)).(*Verdict)
	outstruct.Delivered = *abi.ConvertType(out[1], new(bool)).(*bool)
	return *outstruct, nil
}

// OracleAsked represents a Asked event raised by the Oracle contract.
type OracleAsked struct {
	Id    *big.Int
	Asker common.Address
	Ask   OracleAsk
	Raw   *types.Log // Blockchain specific contextual infos
}

const OracleAskedEventName = "Asked"

// ContractEventName returns the user-defined event name.
func (OracleAsked) ContractEventName() string {
	return OracleAskedEventName
}

// UnpackAskedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Asked(uint256 indexed id, address indexed asker, (string,bytes32,string[],uint16,uint16,uint32,uint64,uint256,uint32) ask)
func (oracle *Oracle) UnpackAskedEvent(log *types.Log) (*OracleAsked, error) {
	event := "Asked"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != oracle.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(OracleAsked)
	if len(log.Data) > 0 {
		if err := oracle.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range oracle.abi.Events[event].Inputs {
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

// OracleDelivered represents a Delivered event raised by the Oracle contract.
type OracleDelivered struct {
	Id  *big.Int
	Raw *types.Log // Blockchain specific contextual infos
}

const OracleDeliveredEventName = "Delivered"

// ContractEventName returns the user-defined event name.
func (OracleDelivered) ContractEventName() string {
	return OracleDeliveredEventName
}

// UnpackDeliveredEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Delivered(uint256 indexed id)
func (oracle *Oracle) UnpackDeliveredEvent(log *types.Log) (*OracleDelivered, error) {
	event := "Delivered"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != oracle.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(OracleDelivered)
	if len(log.Data) > 0 {
		if err := oracle.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range oracle.abi.Events[event].Inputs {
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

// OracleDeliveryFailed represents a DeliveryFailed event raised by the Oracle contract.
type OracleDeliveryFailed struct {
	Id  *big.Int
	Raw *types.Log // Blockchain specific contextual infos
}

const OracleDeliveryFailedEventName = "DeliveryFailed"

// ContractEventName returns the user-defined event name.
func (OracleDeliveryFailed) ContractEventName() string {
	return OracleDeliveryFailedEventName
}

// UnpackDeliveryFailedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event DeliveryFailed(uint256 indexed id)
func (oracle *Oracle) UnpackDeliveryFailedEvent(log *types.Log) (*OracleDeliveryFailed, error) {
	event := "DeliveryFailed"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != oracle.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(OracleDeliveryFailed)
	if len(log.Data) > 0 {
		if err := oracle.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range oracle.abi.Events[event].Inputs {
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

// OracleFulfilled represents a Fulfilled event raised by the Oracle contract.
type OracleFulfilled struct {
	Id      *big.Int
	Verdict Verdict
	Raw     *types.Log // Blockchain specific contextual infos
}

const OracleFulfilledEventName = "Fulfilled"

// ContractEventName returns the user-defined event name.
func (OracleFulfilled) ContractEventName() string {
	return OracleFulfilledEventName
}

// UnpackFulfilledEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Fulfilled(uint256 indexed id, (uint256,uint8,uint16,uint32,uint32,bytes32) verdict)
func (oracle *Oracle) UnpackFulfilledEvent(log *types.Log) (*OracleFulfilled, error) {
	event := "Fulfilled"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != oracle.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(OracleFulfilled)
	if len(log.Data) > 0 {
		if err := oracle.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range oracle.abi.Events[event].Inputs {
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
func (oracle *Oracle) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], oracle.abi.Errors["OracleBadDeadline"].ID.Bytes()[:4]) {
		return oracle.UnpackOracleBadDeadlineError(raw[4:])
	}
	if bytes.Equal(raw[:4], oracle.abi.Errors["OracleBadGas"].ID.Bytes()[:4]) {
		return oracle.UnpackOracleBadGasError(raw[4:])
	}
	if bytes.Equal(raw[:4], oracle.abi.Errors["OracleBadOptions"].ID.Bytes()[:4]) {
		return oracle.UnpackOracleBadOptionsError(raw[4:])
	}
	if bytes.Equal(raw[:4], oracle.abi.Errors["OracleBadPayment"].ID.Bytes()[:4]) {
		return oracle.UnpackOracleBadPaymentError(raw[4:])
	}
	if bytes.Equal(raw[:4], oracle.abi.Errors["OracleBadPolicy"].ID.Bytes()[:4]) {
		return oracle.UnpackOracleBadPolicyError(raw[4:])
	}
	if bytes.Equal(raw[:4], oracle.abi.Errors["OracleBadProof"].ID.Bytes()[:4]) {
		return oracle.UnpackOracleBadProofError(raw[4:])
	}
	if bytes.Equal(raw[:4], oracle.abi.Errors["OracleBadTerms"].ID.Bytes()[:4]) {
		return oracle.UnpackOracleBadTermsError(raw[4:])
	}
	if bytes.Equal(raw[:4], oracle.abi.Errors["OracleBadText"].ID.Bytes()[:4]) {
		return oracle.UnpackOracleBadTextError(raw[4:])
	}
	if bytes.Equal(raw[:4], oracle.abi.Errors["OracleBadVerdict"].ID.Bytes()[:4]) {
		return oracle.UnpackOracleBadVerdictError(raw[4:])
	}
	if bytes.Equal(raw[:4], oracle.abi.Errors["OracleFulfilled"].ID.Bytes()[:4]) {
		return oracle.UnpackOracleFulfilledError(raw[4:])
	}
	if bytes.Equal(raw[:4], oracle.abi.Errors["OracleNoQuorum"].ID.Bytes()[:4]) {
		return oracle.UnpackOracleNoQuorumError(raw[4:])
	}
	if bytes.Equal(raw[:4], oracle.abi.Errors["OracleNotDue"].ID.Bytes()[:4]) {
		return oracle.UnpackOracleNotDueError(raw[4:])
	}
	if bytes.Equal(raw[:4], oracle.abi.Errors["OracleNotInForce"].ID.Bytes()[:4]) {
		return oracle.UnpackOracleNotInForceError(raw[4:])
	}
	if bytes.Equal(raw[:4], oracle.abi.Errors["OracleTooLittleGas"].ID.Bytes()[:4]) {
		return oracle.UnpackOracleTooLittleGasError(raw[4:])
	}
	if bytes.Equal(raw[:4], oracle.abi.Errors["OracleUnknown"].ID.Bytes()[:4]) {
		return oracle.UnpackOracleUnknownError(raw[4:])
	}
	if bytes.Equal(raw[:4], oracle.abi.Errors["ReentrancyGuardReentrantCall"].ID.Bytes()[:4]) {
		return oracle.UnpackReentrancyGuardReentrantCallError(raw[4:])
	}
	if bytes.Equal(raw[:4], oracle.abi.Errors["SafeERC20FailedOperation"].ID.Bytes()[:4]) {
		return oracle.UnpackSafeERC20FailedOperationError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// OracleOracleBadDeadline represents a OracleBadDeadline error raised by the Oracle contract.
type OracleOracleBadDeadline struct {
	Deadline uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OracleBadDeadline(uint64 deadline)
func OracleOracleBadDeadlineErrorID() common.Hash {
	return common.HexToHash("0x4be9d9eb713e050a61ef7a9871e6c52f3b73f376d96d8d76f5b04a308c5ac645")
}

// UnpackOracleBadDeadlineError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OracleBadDeadline(uint64 deadline)
func (oracle *Oracle) UnpackOracleBadDeadlineError(raw []byte) (*OracleOracleBadDeadline, error) {
	out := new(OracleOracleBadDeadline)
	if err := oracle.abi.UnpackIntoInterface(out, "OracleBadDeadline", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OracleOracleBadGas represents a OracleBadGas error raised by the Oracle contract.
type OracleOracleBadGas struct {
	Gas *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OracleBadGas(uint256 gas)
func OracleOracleBadGasErrorID() common.Hash {
	return common.HexToHash("0xb18701db4998c9be827d143bd832110d1243625f8bcbed1ea1190f4d74183755")
}

// UnpackOracleBadGasError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OracleBadGas(uint256 gas)
func (oracle *Oracle) UnpackOracleBadGasError(raw []byte) (*OracleOracleBadGas, error) {
	out := new(OracleOracleBadGas)
	if err := oracle.abi.UnpackIntoInterface(out, "OracleBadGas", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OracleOracleBadOptions represents a OracleBadOptions error raised by the Oracle contract.
type OracleOracleBadOptions struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OracleBadOptions()
func OracleOracleBadOptionsErrorID() common.Hash {
	return common.HexToHash("0x4cac3d7b3a599ccf424bb1ab5461322a3b837a13778563c1962302970e2ff0e1")
}

// UnpackOracleBadOptionsError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OracleBadOptions()
func (oracle *Oracle) UnpackOracleBadOptionsError(raw []byte) (*OracleOracleBadOptions, error) {
	out := new(OracleOracleBadOptions)
	if err := oracle.abi.UnpackIntoInterface(out, "OracleBadOptions", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OracleOracleBadPayment represents a OracleBadPayment error raised by the Oracle contract.
type OracleOracleBadPayment struct {
	Payment *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OracleBadPayment(uint256 payment)
func OracleOracleBadPaymentErrorID() common.Hash {
	return common.HexToHash("0x648a0c4e7ee3db29cc7a6cbc4e387c7ef85c4525239ab51a41cf9c215a7cc397")
}

// UnpackOracleBadPaymentError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OracleBadPayment(uint256 payment)
func (oracle *Oracle) UnpackOracleBadPaymentError(raw []byte) (*OracleOracleBadPayment, error) {
	out := new(OracleOracleBadPayment)
	if err := oracle.abi.UnpackIntoInterface(out, "OracleBadPayment", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OracleOracleBadPolicy represents a OracleBadPolicy error raised by the Oracle contract.
type OracleOracleBadPolicy struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OracleBadPolicy()
func OracleOracleBadPolicyErrorID() common.Hash {
	return common.HexToHash("0xcc1e3dd10fa40ed7f9728adcd384f10149a3695b526fa0fbf6d918f813f1e145")
}

// UnpackOracleBadPolicyError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OracleBadPolicy()
func (oracle *Oracle) UnpackOracleBadPolicyError(raw []byte) (*OracleOracleBadPolicy, error) {
	out := new(OracleOracleBadPolicy)
	if err := oracle.abi.UnpackIntoInterface(out, "OracleBadPolicy", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OracleOracleBadProof represents a OracleBadProof error raised by the Oracle contract.
type OracleOracleBadProof struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OracleBadProof()
func OracleOracleBadProofErrorID() common.Hash {
	return common.HexToHash("0xe5ba3365d93e9a8dcd857de6398d6e20687960446ad87ad53f71474778015d2a")
}

// UnpackOracleBadProofError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OracleBadProof()
func (oracle *Oracle) UnpackOracleBadProofError(raw []byte) (*OracleOracleBadProof, error) {
	out := new(OracleOracleBadProof)
	if err := oracle.abi.UnpackIntoInterface(out, "OracleBadProof", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OracleOracleBadTerms represents a OracleBadTerms error raised by the Oracle contract.
type OracleOracleBadTerms struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OracleBadTerms()
func OracleOracleBadTermsErrorID() common.Hash {
	return common.HexToHash("0xb185236f5a24cc5ca0f52ba6d7d946b785e0fed95811916b24fed5370167cae5")
}

// UnpackOracleBadTermsError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OracleBadTerms()
func (oracle *Oracle) UnpackOracleBadTermsError(raw []byte) (*OracleOracleBadTerms, error) {
	out := new(OracleOracleBadTerms)
	if err := oracle.abi.UnpackIntoInterface(out, "OracleBadTerms", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OracleOracleBadText represents a OracleBadText error raised by the Oracle contract.
type OracleOracleBadText struct {
	Length *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OracleBadText(uint256 length)
func OracleOracleBadTextErrorID() common.Hash {
	return common.HexToHash("0x03e2425a0c6bc4a659114e050d5e3a675dc0963a4968e7d98e0ee4bf17a3577c")
}

// UnpackOracleBadTextError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OracleBadText(uint256 length)
func (oracle *Oracle) UnpackOracleBadTextError(raw []byte) (*OracleOracleBadText, error) {
	out := new(OracleOracleBadText)
	if err := oracle.abi.UnpackIntoInterface(out, "OracleBadText", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OracleOracleBadVerdict represents a OracleBadVerdict error raised by the Oracle contract.
type OracleOracleBadVerdict struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OracleBadVerdict()
func OracleOracleBadVerdictErrorID() common.Hash {
	return common.HexToHash("0xb2293def3c8d499ad9cda0d26fdc737bdb3554d20d5da30f27c221c3ef368b06")
}

// UnpackOracleBadVerdictError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OracleBadVerdict()
func (oracle *Oracle) UnpackOracleBadVerdictError(raw []byte) (*OracleOracleBadVerdict, error) {
	out := new(OracleOracleBadVerdict)
	if err := oracle.abi.UnpackIntoInterface(out, "OracleBadVerdict", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OracleOracleFulfilled represents a OracleFulfilled error raised by the Oracle contract.
type OracleOracleFulfilled struct {
	Id *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OracleFulfilled(uint256 id)
func OracleOracleFulfilledErrorID() common.Hash {
	return common.HexToHash("0xa6b3e0a3debde5c25ecfbf3e684a94b80829d9ba8cd8da727fe5f93422895f4f")
}

// UnpackOracleFulfilledError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OracleFulfilled(uint256 id)
func (oracle *Oracle) UnpackOracleFulfilledError(raw []byte) (*OracleOracleFulfilled, error) {
	out := new(OracleOracleFulfilled)
	if err := oracle.abi.UnpackIntoInterface(out, "OracleFulfilled", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OracleOracleNoQuorum represents a OracleNoQuorum error raised by the Oracle contract.
type OracleOracleNoQuorum struct {
	Needed  *big.Int
	Answers *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OracleNoQuorum(uint256 needed, uint256 answers)
func OracleOracleNoQuorumErrorID() common.Hash {
	return common.HexToHash("0xda1321a9c039550db90f7b7d54c361ac0671b0587bebced8a6071d56869325f6")
}

// UnpackOracleNoQuorumError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OracleNoQuorum(uint256 needed, uint256 answers)
func (oracle *Oracle) UnpackOracleNoQuorumError(raw []byte) (*OracleOracleNoQuorum, error) {
	out := new(OracleOracleNoQuorum)
	if err := oracle.abi.UnpackIntoInterface(out, "OracleNoQuorum", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OracleOracleNotDue represents a OracleNotDue error raised by the Oracle contract.
type OracleOracleNotDue struct {
	Id *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OracleNotDue(uint256 id)
func OracleOracleNotDueErrorID() common.Hash {
	return common.HexToHash("0xdaadc346ab1b15562493ff22fbe26a78dfd4ebbb1b659bef98f9b3127dbc7da2")
}

// UnpackOracleNotDueError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OracleNotDue(uint256 id)
func (oracle *Oracle) UnpackOracleNotDueError(raw []byte) (*OracleOracleNotDue, error) {
	out := new(OracleOracleNotDue)
	if err := oracle.abi.UnpackIntoInterface(out, "OracleNotDue", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OracleOracleNotInForce represents a OracleNotInForce error raised by the Oracle contract.
type OracleOracleNotInForce struct {
	Epoch uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OracleNotInForce(uint64 epoch)
func OracleOracleNotInForceErrorID() common.Hash {
	return common.HexToHash("0x174a0671e87805be99a26134c8239c50acba7cf6af73e90f2e5641d08c1a7c4e")
}

// UnpackOracleNotInForceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OracleNotInForce(uint64 epoch)
func (oracle *Oracle) UnpackOracleNotInForceError(raw []byte) (*OracleOracleNotInForce, error) {
	out := new(OracleOracleNotInForce)
	if err := oracle.abi.UnpackIntoInterface(out, "OracleNotInForce", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OracleOracleTooLittleGas represents a OracleTooLittleGas error raised by the Oracle contract.
type OracleOracleTooLittleGas struct {
	Needed *big.Int
	Left   *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OracleTooLittleGas(uint256 needed, uint256 left)
func OracleOracleTooLittleGasErrorID() common.Hash {
	return common.HexToHash("0x229103e2b3d06a85e32aa5caf96b3aa11f070b5cd966996fb5857d67faf5f36a")
}

// UnpackOracleTooLittleGasError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OracleTooLittleGas(uint256 needed, uint256 left)
func (oracle *Oracle) UnpackOracleTooLittleGasError(raw []byte) (*OracleOracleTooLittleGas, error) {
	out := new(OracleOracleTooLittleGas)
	if err := oracle.abi.UnpackIntoInterface(out, "OracleTooLittleGas", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OracleOracleUnknown represents a OracleUnknown error raised by the Oracle contract.
type OracleOracleUnknown struct {
	Id *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OracleUnknown(uint256 id)
func OracleOracleUnknownErrorID() common.Hash {
	return common.HexToHash("0x0cfc6c397cd26c682f1a107d52181e3befc58e0f410d7e041450af3b01aae55b")
}

// UnpackOracleUnknownError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OracleUnknown(uint256 id)
func (oracle *Oracle) UnpackOracleUnknownError(raw []byte) (*OracleOracleUnknown, error) {
	out := new(OracleOracleUnknown)
	if err := oracle.abi.UnpackIntoInterface(out, "OracleUnknown", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OracleReentrancyGuardReentrantCall represents a ReentrancyGuardReentrantCall error raised by the Oracle contract.
type OracleReentrancyGuardReentrantCall struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ReentrancyGuardReentrantCall()
func OracleReentrancyGuardReentrantCallErrorID() common.Hash {
	return common.HexToHash("0x3ee5aeb571de7fc460830b4d0017439a1ca56fb0bc39062227ade4fe4a24c1ca")
}

// UnpackReentrancyGuardReentrantCallError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ReentrancyGuardReentrantCall()
func (oracle *Oracle) UnpackReentrancyGuardReentrantCallError(raw []byte) (*OracleReentrancyGuardReentrantCall, error) {
	out := new(OracleReentrancyGuardReentrantCall)
	if err := oracle.abi.UnpackIntoInterface(out, "ReentrancyGuardReentrantCall", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// OracleSafeERC20FailedOperation represents a SafeERC20FailedOperation error raised by the Oracle contract.
type OracleSafeERC20FailedOperation struct {
	Token common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SafeERC20FailedOperation(address token)
func OracleSafeERC20FailedOperationErrorID() common.Hash {
	return common.HexToHash("0x5274afe73c98b4749fc91ffae6b7b574e7842cb2144a159e9377a5f20b32edf9")
}

// UnpackSafeERC20FailedOperationError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SafeERC20FailedOperation(address token)
func (oracle *Oracle) UnpackSafeERC20FailedOperationError(raw []byte) (*OracleSafeERC20FailedOperation, error) {
	out := new(OracleSafeERC20FailedOperation)
	if err := oracle.abi.UnpackIntoInterface(out, "SafeERC20FailedOperation", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakeMetaData contains all meta data concerning the Stake contract.
var StakeMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"contractIERC20\",\"name\":\"token_\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"court_\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"operator_\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"delay_\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"caseTime_\",\"type\":\"uint64\"},{\"internalType\":\"uint32\",\"name\":\"capPpm_\",\"type\":\"uint32\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[],\"name\":\"capPpm\",\"outputs\":[{\"internalType\":\"uint32\",\"name\":\"\",\"type\":\"uint32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"caseOf\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"staker\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"until\",\"type\":\"uint64\"},{\"internalType\":\"uint256\",\"name\":\"most\",\"type\":\"uint256\"},{\"internalType\":\"bool\",\"name\":\"open\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"caseTime\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"cases\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"collect\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"court\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"delay\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"dismiss\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"lock\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"staker\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"evidence\",\"type\":\"bytes32\"}],\"name\":\"openCase\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"operator\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"recipient\",\"type\":\"address\"}],\"name\":\"owed\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"requestUnlock\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"evidence\",\"type\":\"bytes32\"},{\"internalType\":\"address[]\",\"name\":\"recipients\",\"type\":\"address[]\"},{\"internalType\":\"uint256[]\",\"name\":\"shares\",\"type\":\"uint256[]\"}],\"name\":\"slash\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"staker\",\"type\":\"address\"}],\"name\":\"stakeOf\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"staked\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"asked\",\"type\":\"uint256\"},{\"internalType\":\"uint64\",\"name\":\"readyAt\",\"type\":\"uint64\"},{\"internalType\":\"uint256\",\"name\":\"open\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"token\",\"outputs\":[{\"internalType\":\"contractIERC20\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"total\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"unlock\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"CaseDismissed\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"staker\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"evidence\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"until\",\"type\":\"uint64\"}],\"name\":\"CaseOpened\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"recipient\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"StakeAwarded\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"recipient\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"StakeCollected\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"staker\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"StakeLocked\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"staker\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"evidence\",\"type\":\"bytes32\"}],\"name\":\"StakeSlashed\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"staker\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"StakeUnlocked\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"staker\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"readyAt\",\"type\":\"uint64\"}],\"name\":\"UnlockRequested\",\"type\":\"event\"},{\"inputs\":[],\"name\":\"ReentrancyGuardReentrantCall\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"}],\"name\":\"SafeERC20FailedOperation\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"most\",\"type\":\"uint256\"}],\"name\":\"StakeBadAmount\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"recipient\",\"type\":\"address\"}],\"name\":\"StakeBadRecipient\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"sum\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"StakeBadShares\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"StakeBadTerms\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"sent\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"arrived\",\"type\":\"uint256\"}],\"name\":\"StakeFeeToken\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"StakeFrozen\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"id\",\"type\":\"uint256\"}],\"name\":\"StakeNoCase\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"StakeNotCourt\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"readyAt\",\"type\":\"uint64\"}],\"name\":\"StakeTooEarly\",\"type\":\"error\"}]",
	ID:  "842e625b76fd94dd93bab48ad73b4cb140",
	Bin: "0x610140604052348015610010575f5ffd5b5060405161185a38038061185a83398101604081905261002f9161015e565b6001600160a01b0386161580159061004f57506001600160a01b03851615155b801561006357506001600160a01b03841615155b6100805760405163749d4fe960e01b815260040160405180910390fd5b5f826001600160401b03161180156100aa5750816001600160401b0316836001600160401b031610155b80156100bb57505f8163ffffffff16115b80156100d05750620f42408163ffffffff1611155b6100ed5760405163749d4fe960e01b815260040160405180910390fd5b6001600160a01b0393841660c05293831660a0529190931660805263ffffffff909116610120526001600160401b03908116610100521660e0526101e2565b6001600160a01b0381168114610140575f5ffd5b50565b80516001600160401b0381168114610159575f5ffd5b919050565b5f5f5f5f5f5f60c08789031215610173575f5ffd5b865161017e8161012c565b602088015190965061018f8161012c565b60408801519095506101a08161012c565b93506101ae60608801610143565b92506101bc60808801610143565b915060a087015163ffffffff811681146101d4575f5ffd5b809150509295509295509295565b60805160a05160c05160e05161010051610120516115dd61027d5f395f818161029d01526104be01525f8181610237015261048201525f8181610276015261093201525f81816102100152610b1f01525f81816101190152818161038c01528181610b5c01526110ff01525f818161035e015281816107f901528181610e4301528181610ec301528181610f0c015261104901526115dd5ff3fe608060405234801561000f575f5ffd5b5060043610610110575f3560e01c80637fa73dea1161009e578063dcd737891161006e578063dcd737891461030c578063dd4670641461031f578063df18e04714610332578063e522538114610351578063fc0c546a14610359575f5ffd5b80637fa73dea146102d4578063a69df4b5146102e9578063b5cbc49b146102f1578063c9d2ff9d146102f9575f5ffd5b806342623360116100e457806342623360146101c9578063570ca7351461020b57806360fbe4b9146102325780636a42b8f814610271578063703393f214610298575f5ffd5b8062971a30146101145780630aa95873146101585780632ddbd13a1461017957806340a8c53714610182575b5f5ffd5b61013b7f000000000000000000000000000000000000000000000000000000000000000081565b6040516001600160a01b0390911681526020015b60405180910390f35b61016b61016636600461139f565b610380565b60405190815260200161014f565b61016b60015481565b6101956101903660046113c7565b6105cb565b604080516001600160a01b0390951685526001600160401b039093166020850152918301521515606082015260800161014f565b6101dc6101d73660046113de565b61061a565b60405161014f949392919093845260208401929092526001600160401b03166040830152606082015260800190565b61013b7f000000000000000000000000000000000000000000000000000000000000000081565b6102597f000000000000000000000000000000000000000000000000000000000000000081565b6040516001600160401b03909116815260200161014f565b6102597f000000000000000000000000000000000000000000000000000000000000000081565b6102bf7f000000000000000000000000000000000000000000000000000000000000000081565b60405163ffffffff909116815260200161014f565b6102e76102e23660046113c7565b61069b565b005b6102e76106d2565b61016b5f5481565b6102e76103073660046113c7565b610873565b6102e761031a36600461143e565b6109d1565b6102e761032d3660046113c7565b610d60565b61016b6103403660046113de565b60026020525f908152604090205481565b6102e7610ff2565b61013b7f000000000000000000000000000000000000000000000000000000000000000081565b5f336001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001681146103dc57604051639bfd483160e01b81526001600160a01b0390911660048201526024015b60405180910390fd5b506001600160a01b0383165f908152600360205260408120805490919081906001600160801b031661042a576040516303df56e960e11b8152600481019290925260248201526044016103d3565b505061043981600201546110b6565b15816002015490610460576040516311143e8d60e11b81526004016103d391815260200190565b505f5f815461046e906114db565b91829055506002820181905591505f6104a77f0000000000000000000000000000000000000000000000000000000000000000426114f3565b82549091505f90620f4240906104ed9063ffffffff7f000000000000000000000000000000000000000000000000000000000000000016906001600160801b0316611518565b6104f7919061152f565b604080516080810182526001600160a01b038981168083526001600160401b0387811660208086018281525f878901818152606089018b81528f835260048552918a902098518954935191511515600160e01b0260ff60e01b1992909716600160a01b026001600160e01b03199094169816979097179190911795909516929092178555925160019094019390935583518a81529283019190915292935086917fd5cac3745fc11510223e325907f26530f2cafe241d7f1f80d6a6b4d0871032ab910160405180910390a350505092915050565b5f818152600460205260408120805460018201548392839283926001600160a01b03821691600160a01b90046001600160401b03169061060a896110b6565b9450945094509450509193509193565b6001600160a01b0381165f90815260036020526040812080546001820154600283015484938493849391926001600160801b0380831693600160801b90930416916001600160401b03169061066e906110b6565b610678575f61067e565b83600201545b6001600160801b039384169a929093169850965090945092505050565b6106a4816110f3565b5060405181907fba822c6c2752fc532b06182dbb93744cfc28337646621685da58cfb770615a25905f90a250565b6106da611199565b335f908152600360205260408120805490916001600160801b03600160801b8304811692168261072f576040516303df56e960e11b815260048101929092526001600160801b031660248201526044016103d3565b505060018201546001600160401b03164281111561076c576040516304a615ad60e51b81526001600160401b0390911660048201526024016103d3565b5061077a82600201546110b6565b158260020154906107a1576040516311143e8d60e11b81526004016103d391815260200190565b5081545f906107ba9083906001600160801b031661154e565b6001600160801b03918216600160801b0290821617835560018054918316915f906107e690849061156d565b9091555061082990506001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016336001600160801b0384166111ce565b6040516001600160801b038216815233907ffa9b3c14cc825c412c9ed81b3ba365a5b459439403f18829e572ed53a4180f0a9060200160405180910390a25050610871611208565b565b335f90815260036020526040812080549091906108a2906001600160801b03600160801b82048116911661154e565b6001600160801b031690505f831180156108bc5750808311155b838290916108e6576040516303df56e960e11b8152600481019290925260248201526044016103d3565b505081548390839060109061090c908490600160801b90046001600160801b0316611580565b92506101000a8154816001600160801b0302191690836001600160801b031602179055507f00000000000000000000000000000000000000000000000000000000000000004261095c91906114f3565b60018301805467ffffffffffffffff19166001600160401b03929092169182179055825460408051600160801b9092046001600160801b03168252602082019290925233917f858f5c38e9738aed0862535f88f8aa2f39187d354aa10134659715e8c57f111a910160405180910390a2505050565b5f6109db886110f3565b80546001600160a01b03165f9081526003602052604090209091508715801590610a09575081600101548811155b60018301548991610a36576040516303df56e960e11b8152600481019290925260248201526044016103d3565b5083905085808214610a6457604051636e1d595160e01b8152600481019290925260248201526044016103d3565b50508054889082905f90610a829084906001600160801b031661154e565b82546101009290920a6001600160801b038181021990931691831602179091558254808216600160801b90910490911611159050610ad05780546001600160801b0316600160801b81021781555b8760015f828254610ae1919061156d565b909155505f9050805b86811015610cdd575f888883818110610b0557610b0561159f565b9050602002016020810190610b1a91906113de565b90505f7f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316826001600160a01b031614158015610b9157507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316826001600160a01b031614155b8015610baa575085546001600160a01b03838116911614155b9050808015610bc157506001600160a01b03821615155b8015610bd657506001600160a01b0382163014155b8290610c015760405163508fa10960e11b81526001600160a01b0390911660048201526024016103d3565b50878784818110610c1457610c1461159f565b9050602002013584610c2691906115b3565b9350878784818110610c3a57610c3a61159f565b9050602002013560025f846001600160a01b03166001600160a01b031681526020019081526020015f205f828254610c7291906115b3565b90915550506001600160a01b0382168d7fdc47e79dd55bb7d42c59de7c918ff5d6eae7d3d0a1c159d80227c327e5c933678a8a87818110610cb557610cb561159f565b90506020020135604051610ccb91815260200190565b60405180910390a35050600101610aea565b508089818114610d0957604051636e1d595160e01b8152600481019290925260248201526044016103d3565b50508254604080518b8152602081018b90526001600160a01b03909216918c917fd3449ef9cfa85ce976ae0f92926d49f4668279465c011bd307a65f7c25bbdd7b910160405180910390a350505050505050505050565b610d68611199565b335f9081526003602052604081208054909190610d90906001600160801b039081169061154e565b6001600160801b031690505f83118015610daa5750808311155b83829091610dd4576040516303df56e960e11b8152600481019290925260248201526044016103d3565b50508154839083905f90610df29084906001600160801b0316611580565b92506101000a8154816001600160801b0302191690836001600160801b031602179055508260015f828254610e2791906115b3565b90915550506040516370a0823160e01b81523060048201525f907f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316906370a0823190602401602060405180830381865afa158015610e90573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610eb491906115c6565b9050610eeb6001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016333087611232565b6040516370a0823160e01b81523060048201525f9082906001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016906370a0823190602401602060405180830381865afa158015610f51573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190610f7591906115c6565b610f7f919061156d565b90508481818114610fac57604051636e13450360e01b8152600481019290925260248201526044016103d3565b505060405185815233907ff5a55f9e5ec51b8ffea32e4a31a915c04c8c8d36223911ae144742ac53c1cf939060200160405180910390a250505050610fef611208565b50565b610ffa611199565b335f90815260026020526040812054908082611032576040516303df56e960e11b8152600481019290925260248201526044016103d3565b5050335f81815260026020526040812055611078907f00000000000000000000000000000000000000000000000000000000000000006001600160a01b031690836111ce565b60405181815233907f2365de0144ce02fed87185d3e27f208e3adebc41efb3ba5634ccb3bc5a6a6c3c9060200160405180910390a250610871611208565b5f8181526004602052604081208054600160e01b900460ff161580156110ec57508054600160a01b90046001600160401b031642105b9392505050565b5f336001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016811461114a57604051639bfd483160e01b81526001600160a01b0390911660048201526024016103d3565b50611154826110b6565b829061117657604051637497a5c560e01b81526004016103d391815260200190565b50505f908152600460205260409020805460ff60e01b1916600160e01b17815590565b6111a161126e565b61087160017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005b906112ae565b6111db83838360016112b5565b61120357604051635274afe760e01b81526001600160a01b03841660048201526024016103d3565b505050565b6108715f7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f006111c8565b611240848484846001611317565b61126857604051635274afe760e01b81526001600160a01b03851660048201526024016103d3565b50505050565b7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005c1561087157604051633ee5aeb560e01b815260040160405180910390fd5b80825d5050565b60405163a9059cbb60e01b5f8181526001600160a01b038616600452602485905291602083604481808b5af1925060015f5114831661130b5783831516156112ff573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b6040516323b872dd60e01b5f8181526001600160a01b038781166004528616602452604485905291602083606481808c5af1925060015f51148316611373578383151615611367573d5f823e3d81fd5b5f883b113d1516831692505b604052505f60605295945050505050565b80356001600160a01b038116811461139a575f5ffd5b919050565b5f5f604083850312156113b0575f5ffd5b6113b983611384565b946020939093013593505050565b5f602082840312156113d7575f5ffd5b5035919050565b5f602082840312156113ee575f5ffd5b6110ec82611384565b5f5f83601f840112611407575f5ffd5b5081356001600160401b0381111561141d575f5ffd5b6020830191508360208260051b8501011115611437575f5ffd5b9250929050565b5f5f5f5f5f5f5f60a0888a031215611454575f5ffd5b87359650602088013595506040880135945060608801356001600160401b0381111561147e575f5ffd5b61148a8a828b016113f7565b90955093505060808801356001600160401b038111156114a8575f5ffd5b6114b48a828b016113f7565b989b979a50959850939692959293505050565b634e487b7160e01b5f52601160045260245ffd5b5f600182016114ec576114ec6114c7565b5060010190565b6001600160401b038181168382160190811115611512576115126114c7565b92915050565b8082028115828204841417611512576115126114c7565b5f8261154957634e487b7160e01b5f52601260045260245ffd5b500490565b6001600160801b038281168282160390811115611512576115126114c7565b81810381811115611512576115126114c7565b6001600160801b038181168382160190811115611512576115126114c7565b634e487b7160e01b5f52603260045260245ffd5b80820180821115611512576115126114c7565b5f602082840312156115d6575f5ffd5b505191905056",
}

// Stake is an auto generated Go binding around an Ethereum contract.
type Stake struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *Stake) GetABI() abi.ABI {
	return c.abi
}

// NewStake creates a new instance of Stake.
func NewStake() *Stake {
	parsed, err := StakeMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &Stake{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *Stake) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(address token_, address court_, address operator_, uint64 delay_, uint64 caseTime_, uint32 capPpm_) returns()
func (stake *Stake) PackConstructor(token_ common.Address, court_ common.Address, operator_ common.Address, delay_ uint64, caseTime_ uint64, capPpm_ uint32) []byte {
	enc, err := stake.abi.Pack("", token_, court_, operator_, delay_, caseTime_, capPpm_)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackCapPpm is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x703393f2.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function capPpm() view returns(uint32)
func (stake *Stake) PackCapPpm() []byte {
	enc, err := stake.abi.Pack("capPpm")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCapPpm is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x703393f2.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function capPpm() view returns(uint32)
func (stake *Stake) TryPackCapPpm() ([]byte, error) {
	return stake.abi.Pack("capPpm")
}

// UnpackCapPpm is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x703393f2.
//
// Solidity: function capPpm() view returns(uint32)
func (stake *Stake) UnpackCapPpm(data []byte) (uint32, error) {
	out, err := stake.abi.Unpack("capPpm", data)
	if err != nil {
		return *new(uint32), err
	}
	out0 := *abi.ConvertType(out[0], new(uint32)).(*uint32)
	return out0, nil
}

// PackCaseOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x40a8c537.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function caseOf(uint256 id) view returns(address staker, uint64 until, uint256 most, bool open)
func (stake *Stake) PackCaseOf(id *big.Int) []byte {
	enc, err := stake.abi.Pack("caseOf", id)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCaseOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x40a8c537.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function caseOf(uint256 id) view returns(address staker, uint64 until, uint256 most, bool open)
func (stake *Stake) TryPackCaseOf(id *big.Int) ([]byte, error) {
	return stake.abi.Pack("caseOf", id)
}

// CaseOfOutput serves as a container for the return parameters of contract
// method CaseOf.
type CaseOfOutput struct {
	Staker common.Address
	Until  uint64
	Most   *big.Int
	Open   bool
}

// UnpackCaseOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x40a8c537.
//
// Solidity: function caseOf(uint256 id) view returns(address staker, uint64 until, uint256 most, bool open)
func (stake *Stake) UnpackCaseOf(data []byte) (CaseOfOutput, error) {
	out, err := stake.abi.Unpack("caseOf", data)
	outstruct := new(CaseOfOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Staker = *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	outstruct.Until = *abi.ConvertType(out[1], new(uint64)).(*uint64)
	outstruct.Most = abi.ConvertType(out[2], new(big.Int)).(*big.Int)
	outstruct.Open = *abi.ConvertType(out[3], new(bool)).(*bool)
	return *outstruct, nil
}

// PackCaseTime is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x60fbe4b9.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function caseTime() view returns(uint64)
func (stake *Stake) PackCaseTime() []byte {
	enc, err := stake.abi.Pack("caseTime")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCaseTime is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x60fbe4b9.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function caseTime() view returns(uint64)
func (stake *Stake) TryPackCaseTime() ([]byte, error) {
	return stake.abi.Pack("caseTime")
}

// UnpackCaseTime is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x60fbe4b9.
//
// Solidity: function caseTime() view returns(uint64)
func (stake *Stake) UnpackCaseTime(data []byte) (uint64, error) {
	out, err := stake.abi.Unpack("caseTime", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackCases is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb5cbc49b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function cases() view returns(uint256)
func (stake *Stake) PackCases() []byte {
	enc, err := stake.abi.Pack("cases")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCases is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb5cbc49b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function cases() view returns(uint256)
func (stake *Stake) TryPackCases() ([]byte, error) {
	return stake.abi.Pack("cases")
}

// UnpackCases is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xb5cbc49b.
//
// Solidity: function cases() view returns(uint256)
func (stake *Stake) UnpackCases(data []byte) (*big.Int, error) {
	out, err := stake.abi.Unpack("cases", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackCollect is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe5225381.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function collect() returns()
func (stake *Stake) PackCollect() []byte {
	enc, err := stake.abi.Pack("collect")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCollect is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe5225381.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function collect() returns()
func (stake *Stake) TryPackCollect() ([]byte, error) {
	return stake.abi.Pack("collect")
}

// PackCourt is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x00971a30.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function court() view returns(address)
func (stake *Stake) PackCourt() []byte {
	enc, err := stake.abi.Pack("court")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCourt is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x00971a30.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function court() view returns(address)
func (stake *Stake) TryPackCourt() ([]byte, error) {
	return stake.abi.Pack("court")
}

// UnpackCourt is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x00971a30.
//
// Solidity: function court() view returns(address)
func (stake *Stake) UnpackCourt(data []byte) (common.Address, error) {
	out, err := stake.abi.Unpack("court", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackDelay is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6a42b8f8.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function delay() view returns(uint64)
func (stake *Stake) PackDelay() []byte {
	enc, err := stake.abi.Pack("delay")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDelay is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6a42b8f8.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function delay() view returns(uint64)
func (stake *Stake) TryPackDelay() ([]byte, error) {
	return stake.abi.Pack("delay")
}

// UnpackDelay is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x6a42b8f8.
//
// Solidity: function delay() view returns(uint64)
func (stake *Stake) UnpackDelay(data []byte) (uint64, error) {
	out, err := stake.abi.Unpack("delay", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackDismiss is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7fa73dea.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function dismiss(uint256 id) returns()
func (stake *Stake) PackDismiss(id *big.Int) []byte {
	enc, err := stake.abi.Pack("dismiss", id)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDismiss is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7fa73dea.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function dismiss(uint256 id) returns()
func (stake *Stake) TryPackDismiss(id *big.Int) ([]byte, error) {
	return stake.abi.Pack("dismiss", id)
}

// PackLock is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdd467064.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function lock(uint256 amount) returns()
func (stake *Stake) PackLock(amount *big.Int) []byte {
	enc, err := stake.abi.Pack("lock", amount)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackLock is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdd467064.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function lock(uint256 amount) returns()
func (stake *Stake) TryPackLock(amount *big.Int) ([]byte, error) {
	return stake.abi.Pack("lock", amount)
}

// PackOpenCase is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0aa95873.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function openCase(address staker, bytes32 evidence) returns(uint256 id)
func (stake *Stake) PackOpenCase(staker common.Address, evidence [32]byte) []byte {
	enc, err := stake.abi.Pack("openCase", staker, evidence)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOpenCase is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0aa95873.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function openCase(address staker, bytes32 evidence) returns(uint256 id)
func (stake *Stake) TryPackOpenCase(staker common.Address, evidence [32]byte) ([]byte, error) {
	return stake.abi.Pack("openCase", staker, evidence)
}

// UnpackOpenCase is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x0aa95873.
//
// Solidity: function openCase(address staker, bytes32 evidence) returns(uint256 id)
func (stake *Stake) UnpackOpenCase(data []byte) (*big.Int, error) {
	out, err := stake.abi.Unpack("openCase", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackOperator is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x570ca735.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function operator() view returns(address)
func (stake *Stake) PackOperator() []byte {
	enc, err := stake.abi.Pack("operator")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOperator is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x570ca735.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function operator() view returns(address)
func (stake *Stake) TryPackOperator() ([]byte, error) {
	return stake.abi.Pack("operator")
}

// UnpackOperator is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x570ca735.
//
// Solidity: function operator() view returns(address)
func (stake *Stake) UnpackOperator(data []byte) (common.Address, error) {
	out, err := stake.abi.Unpack("operator", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackOwed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdf18e047.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function owed(address recipient) view returns(uint256 amount)
func (stake *Stake) PackOwed(recipient common.Address) []byte {
	enc, err := stake.abi.Pack("owed", recipient)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOwed is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdf18e047.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function owed(address recipient) view returns(uint256 amount)
func (stake *Stake) TryPackOwed(recipient common.Address) ([]byte, error) {
	return stake.abi.Pack("owed", recipient)
}

// UnpackOwed is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xdf18e047.
//
// Solidity: function owed(address recipient) view returns(uint256 amount)
func (stake *Stake) UnpackOwed(data []byte) (*big.Int, error) {
	out, err := stake.abi.Unpack("owed", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackRequestUnlock is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc9d2ff9d.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function requestUnlock(uint256 amount) returns()
func (stake *Stake) PackRequestUnlock(amount *big.Int) []byte {
	enc, err := stake.abi.Pack("requestUnlock", amount)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRequestUnlock is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc9d2ff9d.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function requestUnlock(uint256 amount) returns()
func (stake *Stake) TryPackRequestUnlock(amount *big.Int) ([]byte, error) {
	return stake.abi.Pack("requestUnlock", amount)
}

// PackSlash is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdcd73789.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function slash(uint256 id, uint256 amount, bytes32 evidence, address[] recipients, uint256[] shares) returns()
func (stake *Stake) PackSlash(id *big.Int, amount *big.Int, evidence [32]byte, recipients []common.Address, shares []*big.Int) []byte {
	enc, err := stake.abi.Pack("slash", id, amount, evidence, recipients, shares)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSlash is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdcd73789.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function slash(uint256 id, uint256 amount, bytes32 evidence, address[] recipients, uint256[] shares) returns()
func (stake *Stake) TryPackSlash(id *big.Int, amount *big.Int, evidence [32]byte, recipients []common.Address, shares []*big.Int) ([]byte, error) {
	return stake.abi.Pack("slash", id, amount, evidence, recipients, shares)
}

// PackStakeOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x42623360.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function stakeOf(address staker) view returns(uint256 staked, uint256 asked, uint64 readyAt, uint256 open)
func (stake *Stake) PackStakeOf(staker common.Address) []byte {
	enc, err := stake.abi.Pack("stakeOf", staker)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackStakeOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x42623360.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function stakeOf(address staker) view returns(uint256 staked, uint256 asked, uint64 readyAt, uint256 open)
func (stake *Stake) TryPackStakeOf(staker common.Address) ([]byte, error) {
	return stake.abi.Pack("stakeOf", staker)
}

// StakeOfOutput serves as a container for the return parameters of contract
// method StakeOf.
type StakeOfOutput struct {
	Staked  *big.Int
	Asked   *big.Int
	ReadyAt uint64
	Open    *big.Int
}

// UnpackStakeOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x42623360.
//
// Solidity: function stakeOf(address staker) view returns(uint256 staked, uint256 asked, uint64 readyAt, uint256 open)
func (stake *Stake) UnpackStakeOf(data []byte) (StakeOfOutput, error) {
	out, err := stake.abi.Unpack("stakeOf", data)
	outstruct := new(StakeOfOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Staked = abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	outstruct.Asked = abi.ConvertType(out[1], new(big.Int)).(*big.Int)
	outstruct.ReadyAt = *abi.ConvertType(out[2], new(uint64)).(*uint64)
	outstruct.Open = abi.ConvertType(out[3], new(big.Int)).(*big.Int)
	return *outstruct, nil
}

// PackToken is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xfc0c546a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function token() view returns(address)
func (stake *Stake) PackToken() []byte {
	enc, err := stake.abi.Pack("token")
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
func (stake *Stake) TryPackToken() ([]byte, error) {
	return stake.abi.Pack("token")
}

// UnpackToken is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xfc0c546a.
//
// Solidity: function token() view returns(address)
func (stake *Stake) UnpackToken(data []byte) (common.Address, error) {
	out, err := stake.abi.Unpack("token", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackTotal is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2ddbd13a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function total() view returns(uint256)
func (stake *Stake) PackTotal() []byte {
	enc, err := stake.abi.Pack("total")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTotal is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2ddbd13a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function total() view returns(uint256)
func (stake *Stake) TryPackTotal() ([]byte, error) {
	return stake.abi.Pack("total")
}

// UnpackTotal is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x2ddbd13a.
//
// Solidity: function total() view returns(uint256)
func (stake *Stake) UnpackTotal(data []byte) (*big.Int, error) {
	out, err := stake.abi.Unpack("total", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackUnlock is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa69df4b5.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function unlock() returns()
func (stake *Stake) PackUnlock() []byte {
	enc, err := stake.abi.Pack("unlock")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackUnlock is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa69df4b5.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function unlock() returns()
func (stake *Stake) TryPackUnlock() ([]byte, error) {
	return stake.abi.Pack("unlock")
}

// StakeCaseDismissed represents a CaseDismissed event raised by the Stake contract.
type StakeCaseDismissed struct {
	Id  *big.Int
	Raw *types.Log // Blockchain specific contextual infos
}

const StakeCaseDismissedEventName = "CaseDismissed"

// ContractEventName returns the user-defined event name.
func (StakeCaseDismissed) ContractEventName() string {
	return StakeCaseDismissedEventName
}

// UnpackCaseDismissedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event CaseDismissed(uint256 indexed id)
func (stake *Stake) UnpackCaseDismissedEvent(log *types.Log) (*StakeCaseDismissed, error) {
	event := "CaseDismissed"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != stake.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(StakeCaseDismissed)
	if len(log.Data) > 0 {
		if err := stake.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range stake.abi.Events[event].Inputs {
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

// StakeCaseOpened represents a CaseOpened event raised by the Stake contract.
type StakeCaseOpened struct {
	Id       *big.Int
	Staker   common.Address
	Evidence [32]byte
	Until    uint64
	Raw      *types.Log // Blockchain specific contextual infos
}

const StakeCaseOpenedEventName = "CaseOpened"

// ContractEventName returns the user-defined event name.
func (StakeCaseOpened) ContractEventName() string {
	return StakeCaseOpenedEventName
}

// UnpackCaseOpenedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event CaseOpened(uint256 indexed id, address indexed staker, bytes32 evidence, uint64 until)
func (stake *Stake) UnpackCaseOpenedEvent(log *types.Log) (*StakeCaseOpened, error) {
	event := "CaseOpened"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != stake.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(StakeCaseOpened)
	if len(log.Data) > 0 {
		if err := stake.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range stake.abi.Events[event].Inputs {
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

// StakeStakeAwarded represents a StakeAwarded event raised by the Stake contract.
type StakeStakeAwarded struct {
	Id        *big.Int
	Recipient common.Address
	Amount    *big.Int
	Raw       *types.Log // Blockchain specific contextual infos
}

const StakeStakeAwardedEventName = "StakeAwarded"

// ContractEventName returns the user-defined event name.
func (StakeStakeAwarded) ContractEventName() string {
	return StakeStakeAwardedEventName
}

// UnpackStakeAwardedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event StakeAwarded(uint256 indexed id, address indexed recipient, uint256 amount)
func (stake *Stake) UnpackStakeAwardedEvent(log *types.Log) (*StakeStakeAwarded, error) {
	event := "StakeAwarded"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != stake.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(StakeStakeAwarded)
	if len(log.Data) > 0 {
		if err := stake.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range stake.abi.Events[event].Inputs {
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

// StakeStakeCollected represents a StakeCollected event raised by the Stake contract.
type StakeStakeCollected struct {
	Recipient common.Address
	Amount    *big.Int
	Raw       *types.Log // Blockchain specific contextual infos
}

const StakeStakeCollectedEventName = "StakeCollected"

// ContractEventName returns the user-defined event name.
func (StakeStakeCollected) ContractEventName() string {
	return StakeStakeCollectedEventName
}

// UnpackStakeCollectedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event StakeCollected(address indexed recipient, uint256 amount)
func (stake *Stake) UnpackStakeCollectedEvent(log *types.Log) (*StakeStakeCollected, error) {
	event := "StakeCollected"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != stake.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(StakeStakeCollected)
	if len(log.Data) > 0 {
		if err := stake.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range stake.abi.Events[event].Inputs {
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

// StakeStakeLocked represents a StakeLocked event raised by the Stake contract.
type StakeStakeLocked struct {
	Staker common.Address
	Amount *big.Int
	Raw    *types.Log // Blockchain specific contextual infos
}

const StakeStakeLockedEventName = "StakeLocked"

// ContractEventName returns the user-defined event name.
func (StakeStakeLocked) ContractEventName() string {
	return StakeStakeLockedEventName
}

// UnpackStakeLockedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event StakeLocked(address indexed staker, uint256 amount)
func (stake *Stake) UnpackStakeLockedEvent(log *types.Log) (*StakeStakeLocked, error) {
	event := "StakeLocked"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != stake.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(StakeStakeLocked)
	if len(log.Data) > 0 {
		if err := stake.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range stake.abi.Events[event].Inputs {
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

// StakeStakeSlashed represents a StakeSlashed event raised by the Stake contract.
type StakeStakeSlashed struct {
	Id       *big.Int
	Staker   common.Address
	Amount   *big.Int
	Evidence [32]byte
	Raw      *types.Log // Blockchain specific contextual infos
}

const StakeStakeSlashedEventName = "StakeSlashed"

// ContractEventName returns the user-defined event name.
func (StakeStakeSlashed) ContractEventName() string {
	return StakeStakeSlashedEventName
}

// UnpackStakeSlashedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event StakeSlashed(uint256 indexed id, address indexed staker, uint256 amount, bytes32 evidence)
func (stake *Stake) UnpackStakeSlashedEvent(log *types.Log) (*StakeStakeSlashed, error) {
	event := "StakeSlashed"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != stake.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(StakeStakeSlashed)
	if len(log.Data) > 0 {
		if err := stake.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range stake.abi.Events[event].Inputs {
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

// StakeStakeUnlocked represents a StakeUnlocked event raised by the Stake contract.
type StakeStakeUnlocked struct {
	Staker common.Address
	Amount *big.Int
	Raw    *types.Log // Blockchain specific contextual infos
}

const StakeStakeUnlockedEventName = "StakeUnlocked"

// ContractEventName returns the user-defined event name.
func (StakeStakeUnlocked) ContractEventName() string {
	return StakeStakeUnlockedEventName
}

// UnpackStakeUnlockedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event StakeUnlocked(address indexed staker, uint256 amount)
func (stake *Stake) UnpackStakeUnlockedEvent(log *types.Log) (*StakeStakeUnlocked, error) {
	event := "StakeUnlocked"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != stake.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(StakeStakeUnlocked)
	if len(log.Data) > 0 {
		if err := stake.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range stake.abi.Events[event].Inputs {
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

// StakeUnlockRequested represents a UnlockRequested event raised by the Stake contract.
type StakeUnlockRequested struct {
	Staker  common.Address
	Amount  *big.Int
	ReadyAt uint64
	Raw     *types.Log // Blockchain specific contextual infos
}

const StakeUnlockRequestedEventName = "UnlockRequested"

// ContractEventName returns the user-defined event name.
func (StakeUnlockRequested) ContractEventName() string {
	return StakeUnlockRequestedEventName
}

// UnpackUnlockRequestedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event UnlockRequested(address indexed staker, uint256 amount, uint64 readyAt)
func (stake *Stake) UnpackUnlockRequestedEvent(log *types.Log) (*StakeUnlockRequested, error) {
	event := "UnlockRequested"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != stake.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(StakeUnlockRequested)
	if len(log.Data) > 0 {
		if err := stake.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range stake.abi.Events[event].Inputs {
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
func (stake *Stake) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], stake.abi.Errors["ReentrancyGuardReentrantCall"].ID.Bytes()[:4]) {
		return stake.UnpackReentrancyGuardReentrantCallError(raw[4:])
	}
	if bytes.Equal(raw[:4], stake.abi.Errors["SafeERC20FailedOperation"].ID.Bytes()[:4]) {
		return stake.UnpackSafeERC20FailedOperationError(raw[4:])
	}
	if bytes.Equal(raw[:4], stake.abi.Errors["StakeBadAmount"].ID.Bytes()[:4]) {
		return stake.UnpackStakeBadAmountError(raw[4:])
	}
	if bytes.Equal(raw[:4], stake.abi.Errors["StakeBadRecipient"].ID.Bytes()[:4]) {
		return stake.UnpackStakeBadRecipientError(raw[4:])
	}
	if bytes.Equal(raw[:4], stake.abi.Errors["StakeBadShares"].ID.Bytes()[:4]) {
		return stake.UnpackStakeBadSharesError(raw[4:])
	}
	if bytes.Equal(raw[:4], stake.abi.Errors["StakeBadTerms"].ID.Bytes()[:4]) {
		return stake.UnpackStakeBadTermsError(raw[4:])
	}
	if bytes.Equal(raw[:4], stake.abi.Errors["StakeFeeToken"].ID.Bytes()[:4]) {
		return stake.UnpackStakeFeeTokenError(raw[4:])
	}
	if bytes.Equal(raw[:4], stake.abi.Errors["StakeFrozen"].ID.Bytes()[:4]) {
		return stake.UnpackStakeFrozenError(raw[4:])
	}
	if bytes.Equal(raw[:4], stake.abi.Errors["StakeNoCase"].ID.Bytes()[:4]) {
		return stake.UnpackStakeNoCaseError(raw[4:])
	}
	if bytes.Equal(raw[:4], stake.abi.Errors["StakeNotCourt"].ID.Bytes()[:4]) {
		return stake.UnpackStakeNotCourtError(raw[4:])
	}
	if bytes.Equal(raw[:4], stake.abi.Errors["StakeTooEarly"].ID.Bytes()[:4]) {
		return stake.UnpackStakeTooEarlyError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// StakeReentrancyGuardReentrantCall represents a ReentrancyGuardReentrantCall error raised by the Stake contract.
type StakeReentrancyGuardReentrantCall struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ReentrancyGuardReentrantCall()
func StakeReentrancyGuardReentrantCallErrorID() common.Hash {
	return common.HexToHash("0x3ee5aeb571de7fc460830b4d0017439a1ca56fb0bc39062227ade4fe4a24c1ca")
}

// UnpackReentrancyGuardReentrantCallError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ReentrancyGuardReentrantCall()
func (stake *Stake) UnpackReentrancyGuardReentrantCallError(raw []byte) (*StakeReentrancyGuardReentrantCall, error) {
	out := new(StakeReentrancyGuardReentrantCall)
	if err := stake.abi.UnpackIntoInterface(out, "ReentrancyGuardReentrantCall", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakeSafeERC20FailedOperation represents a SafeERC20FailedOperation error raised by the Stake contract.
type StakeSafeERC20FailedOperation struct {
	Token common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SafeERC20FailedOperation(address token)
func StakeSafeERC20FailedOperationErrorID() common.Hash {
	return common.HexToHash("0x5274afe73c98b4749fc91ffae6b7b574e7842cb2144a159e9377a5f20b32edf9")
}

// UnpackSafeERC20FailedOperationError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SafeERC20FailedOperation(address token)
func (stake *Stake) UnpackSafeERC20FailedOperationError(raw []byte) (*StakeSafeERC20FailedOperation, error) {
	out := new(StakeSafeERC20FailedOperation)
	if err := stake.abi.UnpackIntoInterface(out, "SafeERC20FailedOperation", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakeStakeBadAmount represents a StakeBadAmount error raised by the Stake contract.
type StakeStakeBadAmount struct {
	Amount *big.Int
	Most   *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error StakeBadAmount(uint256 amount, uint256 most)
func StakeStakeBadAmountErrorID() common.Hash {
	return common.HexToHash("0x07beadd28fd6be5c6971024e3d7cb5bdb0e3640d4d7dd4d9738f3f202c431875")
}

// UnpackStakeBadAmountError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error StakeBadAmount(uint256 amount, uint256 most)
func (stake *Stake) UnpackStakeBadAmountError(raw []byte) (*StakeStakeBadAmount, error) {
	out := new(StakeStakeBadAmount)
	if err := stake.abi.UnpackIntoInterface(out, "StakeBadAmount", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakeStakeBadRecipient represents a StakeBadRecipient error raised by the Stake contract.
type StakeStakeBadRecipient struct {
	Recipient common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error StakeBadRecipient(address recipient)
func StakeStakeBadRecipientErrorID() common.Hash {
	return common.HexToHash("0xa11f42125fb362883075d94050e28c9e7ed3139a123d21240394e0b2d58ff4e3")
}

// UnpackStakeBadRecipientError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error StakeBadRecipient(address recipient)
func (stake *Stake) UnpackStakeBadRecipientError(raw []byte) (*StakeStakeBadRecipient, error) {
	out := new(StakeStakeBadRecipient)
	if err := stake.abi.UnpackIntoInterface(out, "StakeBadRecipient", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakeStakeBadShares represents a StakeBadShares error raised by the Stake contract.
type StakeStakeBadShares struct {
	Sum    *big.Int
	Amount *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error StakeBadShares(uint256 sum, uint256 amount)
func StakeStakeBadSharesErrorID() common.Hash {
	return common.HexToHash("0x6e1d5951e568ab8e191d50373f717205122c86248274fd11baf9e6608d8a507c")
}

// UnpackStakeBadSharesError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error StakeBadShares(uint256 sum, uint256 amount)
func (stake *Stake) UnpackStakeBadSharesError(raw []byte) (*StakeStakeBadShares, error) {
	out := new(StakeStakeBadShares)
	if err := stake.abi.UnpackIntoInterface(out, "StakeBadShares", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakeStakeBadTerms represents a StakeBadTerms error raised by the Stake contract.
type StakeStakeBadTerms struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error StakeBadTerms()
func StakeStakeBadTermsErrorID() common.Hash {
	return common.HexToHash("0x749d4fe983d956538ec7953b05519af0750c8e2687e18d48e70a05a548873fa9")
}

// UnpackStakeBadTermsError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error StakeBadTerms()
func (stake *Stake) UnpackStakeBadTermsError(raw []byte) (*StakeStakeBadTerms, error) {
	out := new(StakeStakeBadTerms)
	if err := stake.abi.UnpackIntoInterface(out, "StakeBadTerms", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakeStakeFeeToken represents a StakeFeeToken error raised by the Stake contract.
type StakeStakeFeeToken struct {
	Sent    *big.Int
	Arrived *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error StakeFeeToken(uint256 sent, uint256 arrived)
func StakeStakeFeeTokenErrorID() common.Hash {
	return common.HexToHash("0x6e134503fbdc93325b9edfa7a8559a6abd34a17a3de5d70f95bd8b5db46ed405")
}

// UnpackStakeFeeTokenError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error StakeFeeToken(uint256 sent, uint256 arrived)
func (stake *Stake) UnpackStakeFeeTokenError(raw []byte) (*StakeStakeFeeToken, error) {
	out := new(StakeStakeFeeToken)
	if err := stake.abi.UnpackIntoInterface(out, "StakeFeeToken", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakeStakeFrozen represents a StakeFrozen error raised by the Stake contract.
type StakeStakeFrozen struct {
	Id *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error StakeFrozen(uint256 id)
func StakeStakeFrozenErrorID() common.Hash {
	return common.HexToHash("0x22287d1ae2f97174d10a9a08f32fd323c437cc011ec34e613dade89044372470")
}

// UnpackStakeFrozenError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error StakeFrozen(uint256 id)
func (stake *Stake) UnpackStakeFrozenError(raw []byte) (*StakeStakeFrozen, error) {
	out := new(StakeStakeFrozen)
	if err := stake.abi.UnpackIntoInterface(out, "StakeFrozen", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakeStakeNoCase represents a StakeNoCase error raised by the Stake contract.
type StakeStakeNoCase struct {
	Id *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error StakeNoCase(uint256 id)
func StakeStakeNoCaseErrorID() common.Hash {
	return common.HexToHash("0x7497a5c57035915cccf8b155e0ee0ed56d330a8bde8cecd12f40eaf6a24db031")
}

// UnpackStakeNoCaseError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error StakeNoCase(uint256 id)
func (stake *Stake) UnpackStakeNoCaseError(raw []byte) (*StakeStakeNoCase, error) {
	out := new(StakeStakeNoCase)
	if err := stake.abi.UnpackIntoInterface(out, "StakeNoCase", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakeStakeNotCourt represents a StakeNotCourt error raised by the Stake contract.
type StakeStakeNotCourt struct {
	Account common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error StakeNotCourt(address account)
func StakeStakeNotCourtErrorID() common.Hash {
	return common.HexToHash("0x9bfd48319c6424950d353e4040939ff2ce303dd01dcc8f7af6bfdefd0957f3bd")
}

// UnpackStakeNotCourtError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error StakeNotCourt(address account)
func (stake *Stake) UnpackStakeNotCourtError(raw []byte) (*StakeStakeNotCourt, error) {
	out := new(StakeStakeNotCourt)
	if err := stake.abi.UnpackIntoInterface(out, "StakeNotCourt", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// StakeStakeTooEarly represents a StakeTooEarly error raised by the Stake contract.
type StakeStakeTooEarly struct {
	ReadyAt uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error StakeTooEarly(uint64 readyAt)
func StakeStakeTooEarlyErrorID() common.Hash {
	return common.HexToHash("0x94c2b5a01c59c3bfba24e88d5bfd3df6d3fcba3c5fcff0d30ece37b2a2b5e9e9")
}

// UnpackStakeTooEarlyError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error StakeTooEarly(uint64 readyAt)
func (stake *Stake) UnpackStakeTooEarlyError(raw []byte) (*StakeStakeTooEarly, error) {
	out := new(StakeStakeTooEarly)
	if err := stake.abi.UnpackIntoInterface(out, "StakeTooEarly", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// TestTokenMetaData contains all meta data concerning the TestToken contract.
var TestTokenMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"address\",\"name\":\"minter_\",\"type\":\"address\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[],\"name\":\"DOMAIN_SEPARATOR\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"}],\"name\":\"allowance\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"approve\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"balanceOf\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"decimals\",\"outputs\":[{\"internalType\":\"uint8\",\"name\":\"\",\"type\":\"uint8\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"eip712Domain\",\"outputs\":[{\"internalType\":\"bytes1\",\"name\":\"fields\",\"type\":\"bytes1\"},{\"internalType\":\"string\",\"name\":\"name\",\"type\":\"string\"},{\"internalType\":\"string\",\"name\":\"version\",\"type\":\"string\"},{\"internalType\":\"uint256\",\"name\":\"chainId\",\"type\":\"uint256\"},{\"internalType\":\"address\",\"name\":\"verifyingContract\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"salt\",\"type\":\"bytes32\"},{\"internalType\":\"uint256[]\",\"name\":\"extensions\",\"type\":\"uint256[]\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"mint\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"minter\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"name\",\"outputs\":[{\"internalType\":\"string\",\"name\":\"\",\"type\":\"string\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"}],\"name\":\"nonces\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"deadline\",\"type\":\"uint256\"},{\"internalType\":\"uint8\",\"name\":\"v\",\"type\":\"uint8\"},{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"s\",\"type\":\"bytes32\"}],\"name\":\"permit\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"symbol\",\"outputs\":[{\"internalType\":\"string\",\"name\":\"\",\"type\":\"string\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"totalSupply\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"transfer\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"transferFrom\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"Approval\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[],\"name\":\"EIP712DomainChanged\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"value\",\"type\":\"uint256\"}],\"name\":\"Transfer\",\"type\":\"event\"},{\"inputs\":[],\"name\":\"ECDSAInvalidSignature\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"length\",\"type\":\"uint256\"}],\"name\":\"ECDSAInvalidSignatureLength\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"s\",\"type\":\"bytes32\"}],\"name\":\"ECDSAInvalidSignatureS\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"allowance\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"needed\",\"type\":\"uint256\"}],\"name\":\"ERC20InsufficientAllowance\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"balance\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"needed\",\"type\":\"uint256\"}],\"name\":\"ERC20InsufficientBalance\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"approver\",\"type\":\"address\"}],\"name\":\"ERC20InvalidApprover\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"receiver\",\"type\":\"address\"}],\"name\":\"ERC20InvalidReceiver\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"}],\"name\":\"ERC20InvalidSender\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"spender\",\"type\":\"address\"}],\"name\":\"ERC20InvalidSpender\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"deadline\",\"type\":\"uint256\"}],\"name\":\"ERC2612ExpiredSignature\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"signer\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"}],\"name\":\"ERC2612InvalidSigner\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"currentNonce\",\"type\":\"uint256\"}],\"name\":\"InvalidAccountNonce\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"InvalidShortString\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"string\",\"name\":\"str\",\"type\":\"string\"}],\"name\":\"StringTooLong\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"TestTokenNotMinter\",\"type\":\"error\"}]",
	ID:  "a1c7a176194a98d14bf4c0bdad8e5b9ee4",
	Bin: "0x610180604052348015610010575f5ffd5b506040516112f43803806112f483398101604081905261002f916101e8565b604051806040016040528060138152602001722a30b9b5a732ba103a32b9ba103237b63630b960691b81525080604051806040016040528060018152602001603160f81b815250604051806040016040528060138152602001722a30b9b5a732ba103a32b9ba103237b63630b960691b815250604051806040016040528060048152602001631d1554d160e21b81525081600390816100ce91906102b8565b5060046100db82826102b8565b5050506100ed826101a260201b60201c565b610120526100fa816101a2565b61014052815160208084019190912060e052815190820120610100524660a05261018660e05161010051604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201529081019290925260608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b60805250503060c052506001600160a01b0316610160526103ce565b5f5f829050601f815111156101d5578260405163305a27a960e01b81526004016101cc9190610376565b60405180910390fd5b80516101e0826103ab565b179392505050565b5f602082840312156101f8575f5ffd5b81516001600160a01b038116811461020e575f5ffd5b9392505050565b634e487b7160e01b5f52604160045260245ffd5b600181811c9082168061023d57607f821691505b60208210810361025b57634e487b7160e01b5f52602260045260245ffd5b50919050565b601f8211156102b357828211156102b357805f5260205f20601f840160051c602085101561028c57505f5b90810190601f840160051c035f5b818110156102af575f8382015560010161029a565b5050505b505050565b81516001600160401b038111156102d1576102d1610215565b6102e5816102df8454610229565b84610261565b6020601f821160018114610317575f83156103005750848201515b5f19600385901b1c1916600184901b17845561036f565b5f84815260208120601f198516915b828110156103465787850151825560209485019460019092019101610326565b508482101561036357868401515f19600387901b60f8161c191681555b505060018360011b0184555b5050505050565b602081525f82518060208401528060208501604085015e5f604082850101526040601f19601f83011684010191505092915050565b8051602080830151919081101561025b575f1960209190910360031b1b16919050565b60805160a05160c05160e05161010051610120516101405161016051610ec46104305f395f8181610117015261036601525f6107f001525f6107c501525f61073a01525f61071201525f61066d01525f61069701525f6106c10152610ec45ff3fe608060405234801561000f575f5ffd5b50600436106100f0575f3560e01c806340c10f191161009357806395d89b411161006357806395d89b411461021b578063a9059cbb14610223578063d505accf14610236578063dd62ed3e14610249575f5ffd5b806340c10f19146101b057806370a08231146101c55780637ecebe00146101ed57806384b0196e14610200575f5ffd5b806318160ddd116100ce57806318160ddd1461017457806323b872dd14610186578063313ce567146101995780633644e515146101a8575f5ffd5b806306fdde03146100f45780630754617214610112578063095ea7b314610151575b5f5ffd5b6100fc610281565b6040516101099190610c76565b60405180910390f35b6101397f000000000000000000000000000000000000000000000000000000000000000081565b6040516001600160a01b039091168152602001610109565b61016461015f366004610caa565b610311565b6040519015158152602001610109565b6002545b604051908152602001610109565b610164610194366004610cd2565b61032a565b60405160128152602001610109565b61017861034d565b6101c36101be366004610caa565b61035b565b005b6101786101d3366004610d0c565b6001600160a01b03165f9081526020819052604090205490565b6101786101fb366004610d0c565b6103c5565b6102086103e2565b6040516101099796959493929190610d25565b6100fc610424565b610164610231366004610caa565b610433565b6101c3610244366004610dbb565b610440565b610178610257366004610e28565b6001600160a01b039182165f90815260016020908152604080832093909416825291909152205490565b60606003805461029090610e59565b80601f01602080910402602001604051908101604052809291908181526020018280546102bc90610e59565b80156103075780601f106102de57610100808354040283529160200191610307565b820191905f5260205f20905b8154815290600101906020018083116102ea57829003601f168201915b5050505050905090565b5f3361031e818585610576565b60019150505b92915050565b5f33610337858285610588565b610342858585610604565b506001949350505050565b5f610356610661565b905090565b336001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001681146103b657604051635887718160e11b81526001600160a01b0390911660048201526024015b60405180910390fd5b506103c1828261078a565b5050565b6001600160a01b0381165f90815260076020526040812054610324565b5f6060805f5f5f60606103f36107be565b6103fb6107e9565b604080515f80825260208201909252600f60f81b9b939a50919850469750309650945092509050565b60606004805461029090610e59565b5f3361031e818585610604565b834211156104645760405163313c898160e11b8152600481018590526024016103ad565b5f7f6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c98888886104af8c6001600160a01b03165f90815260076020526040902080546001810190915590565b6040805160208101969096526001600160a01b0394851690860152929091166060840152608083015260a082015260c0810186905260e0016040516020818303038152906040528051906020012090505f61050982610814565b90505f61051882878787610840565b9050896001600160a01b0316816001600160a01b03161461055f576040516325c0072360e11b81526001600160a01b0380831660048301528b1660248201526044016103ad565b61056a8a8a8a610576565b50505050505050505050565b610583838383600161086c565b505050565b6001600160a01b038381165f908152600160209081526040808320938616835292905220545f198110156105fe57818110156105f057604051637dc7a0d960e11b81526001600160a01b038416600482015260248101829052604481018390526064016103ad565b6105fe84848484035f61086c565b50505050565b6001600160a01b03831661062d57604051634b637e8f60e11b81525f60048201526024016103ad565b6001600160a01b0382166106565760405163ec442f0560e01b81525f60048201526024016103ad565b61058383838361093e565b5f306001600160a01b037f0000000000000000000000000000000000000000000000000000000000000000161480156106b957507f000000000000000000000000000000000000000000000000000000000000000046145b156106e357507f000000000000000000000000000000000000000000000000000000000000000090565b610356604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527f0000000000000000000000000000000000000000000000000000000000000000918101919091527f000000000000000000000000000000000000000000000000000000000000000060608201524660808201523060a08201525f9060c00160405160208183030381529060405280519060200120905090565b6001600160a01b0382166107b35760405163ec442f0560e01b81525f60048201526024016103ad565b6103c15f838361093e565b60606103567f0000000000000000000000000000000000000000000000000000000000000000610a64565b60606103567f0000000000000000000000000000000000000000000000000000000000000000610a64565b5f610324610820610661565b8360405161190160f01b8152600281019290925260228201526042902090565b5f5f5f5f61085088888888610aa1565b9250925092506108608282610b69565b50909695505050505050565b6001600160a01b0384166108955760405163e602df0560e01b81525f60048201526024016103ad565b6001600160a01b0383166108be57604051634a1406b160e11b81525f60048201526024016103ad565b6001600160a01b038085165f90815260016020908152604080832093871683529290522082905580156105fe57826001600160a01b0316846001600160a01b03167f8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b9258460405161093091815260200190565b60405180910390a350505050565b6001600160a01b038316610968578060025f82825461095d9190610e91565b909155506109d89050565b6001600160a01b0383165f90815260208190526040902054818110156109ba5760405163391434e360e21b81526001600160a01b038516600482015260248101829052604481018390526064016103ad565b6001600160a01b0384165f9081526020819052604090209082900390555b6001600160a01b0382166109f457600280548290039055610a12565b6001600160a01b0382165f9081526020819052604090208054820190555b816001600160a01b0316836001600160a01b03167fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef83604051610a5791815260200190565b60405180910390a3505050565b60605f610a7083610c21565b6040805160208082528183019092529192505f91906020820181803683375050509182525060208101929092525090565b5f80807f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0841115610ada57505f91506003905082610b5f565b604080515f808252602082018084528a905260ff891692820192909252606081018790526080810186905260019060a0016020604051602081039080840390855afa158015610b2b573d5f5f3e3d5ffd5b5050604051601f1901519150506001600160a01b038116610b5657505f925060019150829050610b5f565b92505f91508190505b9450945094915050565b5f826003811115610b7c57610b7c610eb0565b03610b85575050565b6001826003811115610b9957610b99610eb0565b03610bb75760405163f645eedf60e01b815260040160405180910390fd5b6002826003811115610bcb57610bcb610eb0565b03610bec5760405163fce698f760e01b8152600481018290526024016103ad565b6003826003811115610c0057610c00610eb0565b036103c1576040516335e2f38360e21b8152600481018290526024016103ad565b5f60ff8216601f81111561032457604051632cd44ac360e21b815260040160405180910390fd5b5f81518084528060208401602086015e5f602082860101526020601f19601f83011685010191505092915050565b602081525f610c886020830184610c48565b9392505050565b80356001600160a01b0381168114610ca5575f5ffd5b919050565b5f5f60408385031215610cbb575f5ffd5b610cc483610c8f565b946020939093013593505050565b5f5f5f60608486031215610ce4575f5ffd5b610ced84610c8f565b9250610cfb60208501610c8f565b929592945050506040919091013590565b5f60208284031215610d1c575f5ffd5b610c8882610c8f565b60ff60f81b8816815260e060208201525f610d4360e0830189610c48565b8281036040840152610d558189610c48565b606084018890526001600160a01b038716608085015260a0840186905283810360c0850152845180825260208087019350909101905f5b81811015610daa578351835260209384019390920191600101610d8c565b50909b9a5050505050505050505050565b5f5f5f5f5f5f5f60e0888a031215610dd1575f5ffd5b610dda88610c8f565b9650610de860208901610c8f565b95506040880135945060608801359350608088013560ff81168114610e0b575f5ffd5b9699959850939692959460a0840135945060c09093013592915050565b5f5f60408385031215610e39575f5ffd5b610e4283610c8f565b9150610e5060208401610c8f565b90509250929050565b600181811c90821680610e6d57607f821691505b602082108103610e8b57634e487b7160e01b5f52602260045260245ffd5b50919050565b8082018082111561032457634e487b7160e01b5f52601160045260245ffd5b634e487b7160e01b5f52602160045260245ffd",
}

// TestToken is an auto generated Go binding around an Ethereum contract.
type TestToken struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *TestToken) GetABI() abi.ABI {
	return c.abi
}

// NewTestToken creates a new instance of TestToken.
func NewTestToken() *TestToken {
	parsed, err := TestTokenMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &TestToken{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *TestToken) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(address minter_) returns()
func (testToken *TestToken) PackConstructor(minter_ common.Address) []byte {
	enc, err := testToken.abi.Pack("", minter_)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackDOMAINSEPARATOR is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3644e515.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function DOMAIN_SEPARATOR() view returns(bytes32)
func (testToken *TestToken) PackDOMAINSEPARATOR() []byte {
	enc, err := testToken.abi.Pack("DOMAIN_SEPARATOR")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDOMAINSEPARATOR is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3644e515.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function DOMAIN_SEPARATOR() view returns(bytes32)
func (testToken *TestToken) TryPackDOMAINSEPARATOR() ([]byte, error) {
	return testToken.abi.Pack("DOMAIN_SEPARATOR")
}

// UnpackDOMAINSEPARATOR is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x3644e515.
//
// Solidity: function DOMAIN_SEPARATOR() view returns(bytes32)
func (testToken *TestToken) UnpackDOMAINSEPARATOR(data []byte) ([32]byte, error) {
	out, err := testToken.abi.Unpack("DOMAIN_SEPARATOR", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackAllowance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdd62ed3e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function allowance(address owner, address spender) view returns(uint256)
func (testToken *TestToken) PackAllowance(owner common.Address, spender common.Address) []byte {
	enc, err := testToken.abi.Pack("allowance", owner, spender)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAllowance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdd62ed3e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function allowance(address owner, address spender) view returns(uint256)
func (testToken *TestToken) TryPackAllowance(owner common.Address, spender common.Address) ([]byte, error) {
	return testToken.abi.Pack("allowance", owner, spender)
}

// UnpackAllowance is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xdd62ed3e.
//
// Solidity: function allowance(address owner, address spender) view returns(uint256)
func (testToken *TestToken) UnpackAllowance(data []byte) (*big.Int, error) {
	out, err := testToken.abi.Unpack("allowance", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackApprove is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x095ea7b3.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function approve(address spender, uint256 value) returns(bool)
func (testToken *TestToken) PackApprove(spender common.Address, value *big.Int) []byte {
	enc, err := testToken.abi.Pack("approve", spender, value)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackApprove is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x095ea7b3.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function approve(address spender, uint256 value) returns(bool)
func (testToken *TestToken) TryPackApprove(spender common.Address, value *big.Int) ([]byte, error) {
	return testToken.abi.Pack("approve", spender, value)
}

// UnpackApprove is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x095ea7b3.
//
// Solidity: function approve(address spender, uint256 value) returns(bool)
func (testToken *TestToken) UnpackApprove(data []byte) (bool, error) {
	out, err := testToken.abi.Unpack("approve", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackBalanceOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x70a08231.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function balanceOf(address account) view returns(uint256)
func (testToken *TestToken) PackBalanceOf(account common.Address) []byte {
	enc, err := testToken.abi.Pack("balanceOf", account)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBalanceOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x70a08231.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function balanceOf(address account) view returns(uint256)
func (testToken *TestToken) TryPackBalanceOf(account common.Address) ([]byte, error) {
	return testToken.abi.Pack("balanceOf", account)
}

// UnpackBalanceOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x70a08231.
//
// Solidity: function balanceOf(address account) view returns(uint256)
func (testToken *TestToken) UnpackBalanceOf(data []byte) (*big.Int, error) {
	out, err := testToken.abi.Unpack("balanceOf", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackDecimals is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x313ce567.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function decimals() view returns(uint8)
func (testToken *TestToken) PackDecimals() []byte {
	enc, err := testToken.abi.Pack("decimals")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDecimals is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x313ce567.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function decimals() view returns(uint8)
func (testToken *TestToken) TryPackDecimals() ([]byte, error) {
	return testToken.abi.Pack("decimals")
}

// UnpackDecimals is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x313ce567.
//
// Solidity: function decimals() view returns(uint8)
func (testToken *TestToken) UnpackDecimals(data []byte) (uint8, error) {
	out, err := testToken.abi.Unpack("decimals", data)
	if err != nil {
		return *new(uint8), err
	}
	out0 := *abi.ConvertType(out[0], new(uint8)).(*uint8)
	return out0, nil
}

// PackEip712Domain is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x84b0196e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function eip712Domain() view returns(bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)
func (testToken *TestToken) PackEip712Domain() []byte {
	enc, err := testToken.abi.Pack("eip712Domain")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackEip712Domain is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x84b0196e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function eip712Domain() view returns(bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)
func (testToken *TestToken) TryPackEip712Domain() ([]byte, error) {
	return testToken.abi.Pack("eip712Domain")
}

// Eip712DomainOutput serves as a container for the return parameters of contract
// method Eip712Domain.
type Eip712DomainOutput struct {
	Fields            [1]byte
	Name              string
	Version           string
	ChainId           *big.Int
	VerifyingContract common.Address
	Salt              [32]byte
	Extensions        []*big.Int
}

// UnpackEip712Domain is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x84b0196e.
//
// Solidity: function eip712Domain() view returns(bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)
func (testToken *TestToken) UnpackEip712Domain(data []byte) (Eip712DomainOutput, error) {
	out, err := testToken.abi.Unpack("eip712Domain", data)
	outstruct := new(Eip712DomainOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Fields = *abi.ConvertType(out[0], new([1]byte)).(*[1]byte)
	outstruct.Name = *abi.ConvertType(out[1], new(string)).(*string)
	outstruct.Version = *abi.ConvertType(out[2], new(string)).(*string)
	outstruct.ChainId = abi.ConvertType(out[3], new(big.Int)).(*big.Int)
	outstruct.VerifyingContract = *abi.ConvertType(out[4], new(common.Address)).(*common.Address)
	outstruct.Salt = *abi.ConvertType(out[5], new([32]byte)).(*[32]byte)
	outstruct.Extensions = *abi.ConvertType(out[6], new([]*big.Int)).(*[]*big.Int)
	return *outstruct, nil
}

// PackMint is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x40c10f19.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function mint(address to, uint256 amount) returns()
func (testToken *TestToken) PackMint(to common.Address, amount *big.Int) []byte {
	enc, err := testToken.abi.Pack("mint", to, amount)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMint is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x40c10f19.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function mint(address to, uint256 amount) returns()
func (testToken *TestToken) TryPackMint(to common.Address, amount *big.Int) ([]byte, error) {
	return testToken.abi.Pack("mint", to, amount)
}

// PackMinter is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x07546172.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function minter() view returns(address)
func (testToken *TestToken) PackMinter() []byte {
	enc, err := testToken.abi.Pack("minter")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMinter is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x07546172.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function minter() view returns(address)
func (testToken *TestToken) TryPackMinter() ([]byte, error) {
	return testToken.abi.Pack("minter")
}

// UnpackMinter is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x07546172.
//
// Solidity: function minter() view returns(address)
func (testToken *TestToken) UnpackMinter(data []byte) (common.Address, error) {
	out, err := testToken.abi.Unpack("minter", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackName is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x06fdde03.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function name() view returns(string)
func (testToken *TestToken) PackName() []byte {
	enc, err := testToken.abi.Pack("name")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackName is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x06fdde03.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function name() view returns(string)
func (testToken *TestToken) TryPackName() ([]byte, error) {
	return testToken.abi.Pack("name")
}

// UnpackName is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x06fdde03.
//
// Solidity: function name() view returns(string)
func (testToken *TestToken) UnpackName(data []byte) (string, error) {
	out, err := testToken.abi.Unpack("name", data)
	if err != nil {
		return *new(string), err
	}
	out0 := *abi.ConvertType(out[0], new(string)).(*string)
	return out0, nil
}

// PackNonces is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7ecebe00.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function nonces(address owner) view returns(uint256)
func (testToken *TestToken) PackNonces(owner common.Address) []byte {
	enc, err := testToken.abi.Pack("nonces", owner)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackNonces is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7ecebe00.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function nonces(address owner) view returns(uint256)
func (testToken *TestToken) TryPackNonces(owner common.Address) ([]byte, error) {
	return testToken.abi.Pack("nonces", owner)
}

// UnpackNonces is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x7ecebe00.
//
// Solidity: function nonces(address owner) view returns(uint256)
func (testToken *TestToken) UnpackNonces(data []byte) (*big.Int, error) {
	out, err := testToken.abi.Unpack("nonces", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackPermit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd505accf.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) returns()
func (testToken *TestToken) PackPermit(owner common.Address, spender common.Address, value *big.Int, deadline *big.Int, v uint8, r [32]byte, s [32]byte) []byte {
	enc, err := testToken.abi.Pack("permit", owner, spender, value, deadline, v, r, s)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPermit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd505accf.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) returns()
func (testToken *TestToken) TryPackPermit(owner common.Address, spender common.Address, value *big.Int, deadline *big.Int, v uint8, r [32]byte, s [32]byte) ([]byte, error) {
	return testToken.abi.Pack("permit", owner, spender, value, deadline, v, r, s)
}

// PackSymbol is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x95d89b41.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function symbol() view returns(string)
func (testToken *TestToken) PackSymbol() []byte {
	enc, err := testToken.abi.Pack("symbol")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSymbol is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x95d89b41.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function symbol() view returns(string)
func (testToken *TestToken) TryPackSymbol() ([]byte, error) {
	return testToken.abi.Pack("symbol")
}

// UnpackSymbol is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x95d89b41.
//
// Solidity: function symbol() view returns(string)
func (testToken *TestToken) UnpackSymbol(data []byte) (string, error) {
	out, err := testToken.abi.Unpack("symbol", data)
	if err != nil {
		return *new(string), err
	}
	out0 := *abi.ConvertType(out[0], new(string)).(*string)
	return out0, nil
}

// PackTotalSupply is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x18160ddd.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function totalSupply() view returns(uint256)
func (testToken *TestToken) PackTotalSupply() []byte {
	enc, err := testToken.abi.Pack("totalSupply")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTotalSupply is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x18160ddd.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function totalSupply() view returns(uint256)
func (testToken *TestToken) TryPackTotalSupply() ([]byte, error) {
	return testToken.abi.Pack("totalSupply")
}

// UnpackTotalSupply is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x18160ddd.
//
// Solidity: function totalSupply() view returns(uint256)
func (testToken *TestToken) UnpackTotalSupply(data []byte) (*big.Int, error) {
	out, err := testToken.abi.Unpack("totalSupply", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackTransfer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa9059cbb.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function transfer(address to, uint256 value) returns(bool)
func (testToken *TestToken) PackTransfer(to common.Address, value *big.Int) []byte {
	enc, err := testToken.abi.Pack("transfer", to, value)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTransfer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa9059cbb.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function transfer(address to, uint256 value) returns(bool)
func (testToken *TestToken) TryPackTransfer(to common.Address, value *big.Int) ([]byte, error) {
	return testToken.abi.Pack("transfer", to, value)
}

// UnpackTransfer is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xa9059cbb.
//
// Solidity: function transfer(address to, uint256 value) returns(bool)
func (testToken *TestToken) UnpackTransfer(data []byte) (bool, error) {
	out, err := testToken.abi.Unpack("transfer", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackTransferFrom is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x23b872dd.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function transferFrom(address from, address to, uint256 value) returns(bool)
func (testToken *TestToken) PackTransferFrom(from common.Address, to common.Address, value *big.Int) []byte {
	enc, err := testToken.abi.Pack("transferFrom", from, to, value)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTransferFrom is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x23b872dd.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function transferFrom(address from, address to, uint256 value) returns(bool)
func (testToken *TestToken) TryPackTransferFrom(from common.Address, to common.Address, value *big.Int) ([]byte, error) {
	return testToken.abi.Pack("transferFrom", from, to, value)
}

// UnpackTransferFrom is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x23b872dd.
//
// Solidity: function transferFrom(address from, address to, uint256 value) returns(bool)
func (testToken *TestToken) UnpackTransferFrom(data []byte) (bool, error) {
	out, err := testToken.abi.Unpack("transferFrom", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// TestTokenApproval represents a Approval event raised by the TestToken contract.
type TestTokenApproval struct {
	Owner   common.Address
	Spender common.Address
	Value   *big.Int
	Raw     *types.Log // Blockchain specific contextual infos
}

const TestTokenApprovalEventName = "Approval"

// ContractEventName returns the user-defined event name.
func (TestTokenApproval) ContractEventName() string {
	return TestTokenApprovalEventName
}

// UnpackApprovalEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Approval(address indexed owner, address indexed spender, uint256 value)
func (testToken *TestToken) UnpackApprovalEvent(log *types.Log) (*TestTokenApproval, error) {
	event := "Approval"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != testToken.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(TestTokenApproval)
	if len(log.Data) > 0 {
		if err := testToken.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range testToken.abi.Events[event].Inputs {
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

// TestTokenEIP712DomainChanged represents a EIP712DomainChanged event raised by the TestToken contract.
type TestTokenEIP712DomainChanged struct {
	Raw *types.Log // Blockchain specific contextual infos
}

const TestTokenEIP712DomainChangedEventName = "EIP712DomainChanged"

// ContractEventName returns the user-defined event name.
func (TestTokenEIP712DomainChanged) ContractEventName() string {
	return TestTokenEIP712DomainChangedEventName
}

// UnpackEIP712DomainChangedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event EIP712DomainChanged()
func (testToken *TestToken) UnpackEIP712DomainChangedEvent(log *types.Log) (*TestTokenEIP712DomainChanged, error) {
	event := "EIP712DomainChanged"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != testToken.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(TestTokenEIP712DomainChanged)
	if len(log.Data) > 0 {
		if err := testToken.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range testToken.abi.Events[event].Inputs {
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

// TestTokenTransfer represents a Transfer event raised by the TestToken contract.
type TestTokenTransfer struct {
	From  common.Address
	To    common.Address
	Value *big.Int
	Raw   *types.Log // Blockchain specific contextual infos
}

const TestTokenTransferEventName = "Transfer"

// ContractEventName returns the user-defined event name.
func (TestTokenTransfer) ContractEventName() string {
	return TestTokenTransferEventName
}

// UnpackTransferEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Transfer(address indexed from, address indexed to, uint256 value)
func (testToken *TestToken) UnpackTransferEvent(log *types.Log) (*TestTokenTransfer, error) {
	event := "Transfer"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != testToken.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(TestTokenTransfer)
	if len(log.Data) > 0 {
		if err := testToken.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range testToken.abi.Events[event].Inputs {
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
func (testToken *TestToken) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], testToken.abi.Errors["ECDSAInvalidSignature"].ID.Bytes()[:4]) {
		return testToken.UnpackECDSAInvalidSignatureError(raw[4:])
	}
	if bytes.Equal(raw[:4], testToken.abi.Errors["ECDSAInvalidSignatureLength"].ID.Bytes()[:4]) {
		return testToken.UnpackECDSAInvalidSignatureLengthError(raw[4:])
	}
	if bytes.Equal(raw[:4], testToken.abi.Errors["ECDSAInvalidSignatureS"].ID.Bytes()[:4]) {
		return testToken.UnpackECDSAInvalidSignatureSError(raw[4:])
	}
	if bytes.Equal(raw[:4], testToken.abi.Errors["ERC20InsufficientAllowance"].ID.Bytes()[:4]) {
		return testToken.UnpackERC20InsufficientAllowanceError(raw[4:])
	}
	if bytes.Equal(raw[:4], testToken.abi.Errors["ERC20InsufficientBalance"].ID.Bytes()[:4]) {
		return testToken.UnpackERC20InsufficientBalanceError(raw[4:])
	}
	if bytes.Equal(raw[:4], testToken.abi.Errors["ERC20InvalidApprover"].ID.Bytes()[:4]) {
		return testToken.UnpackERC20InvalidApproverError(raw[4:])
	}
	if bytes.Equal(raw[:4], testToken.abi.Errors["ERC20InvalidReceiver"].ID.Bytes()[:4]) {
		return testToken.UnpackERC20InvalidReceiverError(raw[4:])
	}
	if bytes.Equal(raw[:4], testToken.abi.Errors["ERC20InvalidSender"].ID.Bytes()[:4]) {
		return testToken.UnpackERC20InvalidSenderError(raw[4:])
	}
	if bytes.Equal(raw[:4], testToken.abi.Errors["ERC20InvalidSpender"].ID.Bytes()[:4]) {
		return testToken.UnpackERC20InvalidSpenderError(raw[4:])
	}
	if bytes.Equal(raw[:4], testToken.abi.Errors["ERC2612ExpiredSignature"].ID.Bytes()[:4]) {
		return testToken.UnpackERC2612ExpiredSignatureError(raw[4:])
	}
	if bytes.Equal(raw[:4], testToken.abi.Errors["ERC2612InvalidSigner"].ID.Bytes()[:4]) {
		return testToken.UnpackERC2612InvalidSignerError(raw[4:])
	}
	if bytes.Equal(raw[:4], testToken.abi.Errors["InvalidAccountNonce"].ID.Bytes()[:4]) {
		return testToken.UnpackInvalidAccountNonceError(raw[4:])
	}
	if bytes.Equal(raw[:4], testToken.abi.Errors["InvalidShortString"].ID.Bytes()[:4]) {
		return testToken.UnpackInvalidShortStringError(raw[4:])
	}
	if bytes.Equal(raw[:4], testToken.abi.Errors["StringTooLong"].ID.Bytes()[:4]) {
		return testToken.UnpackStringTooLongError(raw[4:])
	}
	if bytes.Equal(raw[:4], testToken.abi.Errors["TestTokenNotMinter"].ID.Bytes()[:4]) {
		return testToken.UnpackTestTokenNotMinterError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// TestTokenECDSAInvalidSignature represents a ECDSAInvalidSignature error raised by the TestToken contract.
type TestTokenECDSAInvalidSignature struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ECDSAInvalidSignature()
func TestTokenECDSAInvalidSignatureErrorID() common.Hash {
	return common.HexToHash("0xf645eedf0193584640b6b90cb9477e4c95b98636c148a891d4c0a146dc46e75a")
}

// UnpackECDSAInvalidSignatureError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ECDSAInvalidSignature()
func (testToken *TestToken) UnpackECDSAInvalidSignatureError(raw []byte) (*TestTokenECDSAInvalidSignature, error) {
	out := new(TestTokenECDSAInvalidSignature)
	if err := testToken.abi.UnpackIntoInterface(out, "ECDSAInvalidSignature", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// TestTokenECDSAInvalidSignatureLength represents a ECDSAInvalidSignatureLength error raised by the TestToken contract.
type TestTokenECDSAInvalidSignatureLength struct {
	Length *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ECDSAInvalidSignatureLength(uint256 length)
func TestTokenECDSAInvalidSignatureLengthErrorID() common.Hash {
	return common.HexToHash("0xfce698f7e8e5342cd615f641317bc45fe7e1e4a8b0a14dd1383ff8dc9c41917f")
}

// UnpackECDSAInvalidSignatureLengthError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ECDSAInvalidSignatureLength(uint256 length)
func (testToken *TestToken) UnpackECDSAInvalidSignatureLengthError(raw []byte) (*TestTokenECDSAInvalidSignatureLength, error) {
	out := new(TestTokenECDSAInvalidSignatureLength)
	if err := testToken.abi.UnpackIntoInterface(out, "ECDSAInvalidSignatureLength", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// TestTokenECDSAInvalidSignatureS represents a ECDSAInvalidSignatureS error raised by the TestToken contract.
type TestTokenECDSAInvalidSignatureS struct {
	S [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ECDSAInvalidSignatureS(bytes32 s)
func TestTokenECDSAInvalidSignatureSErrorID() common.Hash {
	return common.HexToHash("0xd78bce0cccb935155ed6428d1c13e50b7f3550fd2b66b9fe266006fea4a5e1eb")
}

// UnpackECDSAInvalidSignatureSError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ECDSAInvalidSignatureS(bytes32 s)
func (testToken *TestToken) UnpackECDSAInvalidSignatureSError(raw []byte) (*TestTokenECDSAInvalidSignatureS, error) {
	out := new(TestTokenECDSAInvalidSignatureS)
	if err := testToken.abi.UnpackIntoInterface(out, "ECDSAInvalidSignatureS", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// TestTokenERC20InsufficientAllowance represents a ERC20InsufficientAllowance error raised by the TestToken contract.
type TestTokenERC20InsufficientAllowance struct {
	Spender   common.Address
	Allowance *big.Int
	Needed    *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)
func TestTokenERC20InsufficientAllowanceErrorID() common.Hash {
	return common.HexToHash("0xfb8f41b23e99d2101d86da76cdfa87dd51c82ed07d3cb62cbc473e469dbc75c3")
}

// UnpackERC20InsufficientAllowanceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)
func (testToken *TestToken) UnpackERC20InsufficientAllowanceError(raw []byte) (*TestTokenERC20InsufficientAllowance, error) {
	out := new(TestTokenERC20InsufficientAllowance)
	if err := testToken.abi.UnpackIntoInterface(out, "ERC20InsufficientAllowance", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// TestTokenERC20InsufficientBalance represents a ERC20InsufficientBalance error raised by the TestToken contract.
type TestTokenERC20InsufficientBalance struct {
	Sender  common.Address
	Balance *big.Int
	Needed  *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)
func TestTokenERC20InsufficientBalanceErrorID() common.Hash {
	return common.HexToHash("0xe450d38cd8d9f7d95077d567d60ed49c7254716e6ad08fc9872816c97e0ffec6")
}

// UnpackERC20InsufficientBalanceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)
func (testToken *TestToken) UnpackERC20InsufficientBalanceError(raw []byte) (*TestTokenERC20InsufficientBalance, error) {
	out := new(TestTokenERC20InsufficientBalance)
	if err := testToken.abi.UnpackIntoInterface(out, "ERC20InsufficientBalance", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// TestTokenERC20InvalidApprover represents a ERC20InvalidApprover error raised by the TestToken contract.
type TestTokenERC20InvalidApprover struct {
	Approver common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InvalidApprover(address approver)
func TestTokenERC20InvalidApproverErrorID() common.Hash {
	return common.HexToHash("0xe602df05cc75712490294c6c104ab7c17f4030363910a7a2626411c6d3118847")
}

// UnpackERC20InvalidApproverError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InvalidApprover(address approver)
func (testToken *TestToken) UnpackERC20InvalidApproverError(raw []byte) (*TestTokenERC20InvalidApprover, error) {
	out := new(TestTokenERC20InvalidApprover)
	if err := testToken.abi.UnpackIntoInterface(out, "ERC20InvalidApprover", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// TestTokenERC20InvalidReceiver represents a ERC20InvalidReceiver error raised by the TestToken contract.
type TestTokenERC20InvalidReceiver struct {
	Receiver common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InvalidReceiver(address receiver)
func TestTokenERC20InvalidReceiverErrorID() common.Hash {
	return common.HexToHash("0xec442f055133b72f3b2f9f0bb351c406b178527de2040a7d1feb4e058771f613")
}

// UnpackERC20InvalidReceiverError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InvalidReceiver(address receiver)
func (testToken *TestToken) UnpackERC20InvalidReceiverError(raw []byte) (*TestTokenERC20InvalidReceiver, error) {
	out := new(TestTokenERC20InvalidReceiver)
	if err := testToken.abi.UnpackIntoInterface(out, "ERC20InvalidReceiver", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// TestTokenERC20InvalidSender represents a ERC20InvalidSender error raised by the TestToken contract.
type TestTokenERC20InvalidSender struct {
	Sender common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InvalidSender(address sender)
func TestTokenERC20InvalidSenderErrorID() common.Hash {
	return common.HexToHash("0x96c6fd1edd0cd6ef7ff0ecc0facdf53148dc0048b57fe58af65755250a7a96bd")
}

// UnpackERC20InvalidSenderError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InvalidSender(address sender)
func (testToken *TestToken) UnpackERC20InvalidSenderError(raw []byte) (*TestTokenERC20InvalidSender, error) {
	out := new(TestTokenERC20InvalidSender)
	if err := testToken.abi.UnpackIntoInterface(out, "ERC20InvalidSender", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// TestTokenERC20InvalidSpender represents a ERC20InvalidSpender error raised by the TestToken contract.
type TestTokenERC20InvalidSpender struct {
	Spender common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC20InvalidSpender(address spender)
func TestTokenERC20InvalidSpenderErrorID() common.Hash {
	return common.HexToHash("0x94280d62c347d8d9f4d59a76ea321452406db88df38e0c9da304f58b57b373a2")
}

// UnpackERC20InvalidSpenderError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC20InvalidSpender(address spender)
func (testToken *TestToken) UnpackERC20InvalidSpenderError(raw []byte) (*TestTokenERC20InvalidSpender, error) {
	out := new(TestTokenERC20InvalidSpender)
	if err := testToken.abi.UnpackIntoInterface(out, "ERC20InvalidSpender", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// TestTokenERC2612ExpiredSignature represents a ERC2612ExpiredSignature error raised by the TestToken contract.
type TestTokenERC2612ExpiredSignature struct {
	Deadline *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC2612ExpiredSignature(uint256 deadline)
func TestTokenERC2612ExpiredSignatureErrorID() common.Hash {
	return common.HexToHash("0x627913023c184eaad13735d5a3d2657ae76ec9a872a70e0fc57522ef1a114d58")
}

// UnpackERC2612ExpiredSignatureError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC2612ExpiredSignature(uint256 deadline)
func (testToken *TestToken) UnpackERC2612ExpiredSignatureError(raw []byte) (*TestTokenERC2612ExpiredSignature, error) {
	out := new(TestTokenERC2612ExpiredSignature)
	if err := testToken.abi.UnpackIntoInterface(out, "ERC2612ExpiredSignature", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// TestTokenERC2612InvalidSigner represents a ERC2612InvalidSigner error raised by the TestToken contract.
type TestTokenERC2612InvalidSigner struct {
	Signer common.Address
	Owner  common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ERC2612InvalidSigner(address signer, address owner)
func TestTokenERC2612InvalidSignerErrorID() common.Hash {
	return common.HexToHash("0x4b800e463b323b1d856edf9dec70329a639d13874a57f5c28219ff57128756db")
}

// UnpackERC2612InvalidSignerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ERC2612InvalidSigner(address signer, address owner)
func (testToken *TestToken) UnpackERC2612InvalidSignerError(raw []byte) (*TestTokenERC2612InvalidSigner, error) {
	out := new(TestTokenERC2612InvalidSigner)
	if err := testToken.abi.UnpackIntoInterface(out, "ERC2612InvalidSigner", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// TestTokenInvalidAccountNonce represents a InvalidAccountNonce error raised by the TestToken contract.
type TestTokenInvalidAccountNonce struct {
	Account      common.Address
	CurrentNonce *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error InvalidAccountNonce(address account, uint256 currentNonce)
func TestTokenInvalidAccountNonceErrorID() common.Hash {
	return common.HexToHash("0x752d88c0de02638abf10e8e31861e4c68dc1f3a1e7d840e580683f2c282bfc7a")
}

// UnpackInvalidAccountNonceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error InvalidAccountNonce(address account, uint256 currentNonce)
func (testToken *TestToken) UnpackInvalidAccountNonceError(raw []byte) (*TestTokenInvalidAccountNonce, error) {
	out := new(TestTokenInvalidAccountNonce)
	if err := testToken.abi.UnpackIntoInterface(out, "InvalidAccountNonce", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// TestTokenInvalidShortString represents a InvalidShortString error raised by the TestToken contract.
type TestTokenInvalidShortString struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error InvalidShortString()
func TestTokenInvalidShortStringErrorID() common.Hash {
	return common.HexToHash("0xb3512b0c6163e5f0bafab72bb631b9d58cd7a731b082f910338aa21c83d5c274")
}

// UnpackInvalidShortStringError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error InvalidShortString()
func (testToken *TestToken) UnpackInvalidShortStringError(raw []byte) (*TestTokenInvalidShortString, error) {
	out := new(TestTokenInvalidShortString)
	if err := testToken.abi.UnpackIntoInterface(out, "InvalidShortString", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// TestTokenStringTooLong represents a StringTooLong error raised by the TestToken contract.
type TestTokenStringTooLong struct {
	Str string
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error StringTooLong(string str)
func TestTokenStringTooLongErrorID() common.Hash {
	return common.HexToHash("0x305a27a93f8e33b7392df0a0f91d6fc63847395853c45991eec52dbf24d72381")
}

// UnpackStringTooLongError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error StringTooLong(string str)
func (testToken *TestToken) UnpackStringTooLongError(raw []byte) (*TestTokenStringTooLong, error) {
	out := new(TestTokenStringTooLong)
	if err := testToken.abi.UnpackIntoInterface(out, "StringTooLong", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// TestTokenTestTokenNotMinter represents a TestTokenNotMinter error raised by the TestToken contract.
type TestTokenTestTokenNotMinter struct {
	Account common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TestTokenNotMinter(address account)
func TestTokenTestTokenNotMinterErrorID() common.Hash {
	return common.HexToHash("0xb10ee302466e8cf3b1a6e4e6cec7df2c66c6cbb34ebf19e36248ad056481b6b7")
}

// UnpackTestTokenNotMinterError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TestTokenNotMinter(address account)
func (testToken *TestToken) UnpackTestTokenNotMinterError(raw []byte) (*TestTokenTestTokenNotMinter, error) {
	out := new(TestTokenTestTokenNotMinter)
	if err := testToken.abi.UnpackIntoInterface(out, "TestTokenNotMinter", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultMetaData contains all meta data concerning the Vault contract.
var VaultMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"components\":[{\"internalType\":\"contractIERC20\",\"name\":\"token\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"poster\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"adjudicator\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"delay\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"judgement\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"notice\",\"type\":\"uint64\"},{\"internalType\":\"uint256\",\"name\":\"bond\",\"type\":\"uint256\"}],\"internalType\":\"structVault.Terms\",\"name\":\"terms\",\"type\":\"tuple\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[],\"name\":\"acceptPoster\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"account\",\"type\":\"bytes32\"}],\"name\":\"accountInfo\",\"outputs\":[{\"internalType\":\"uint128\",\"name\":\"deposited_\",\"type\":\"uint128\"},{\"internalType\":\"uint128\",\"name\":\"withdrawn_\",\"type\":\"uint128\"},{\"internalType\":\"uint64\",\"name\":\"since\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"noticeAt\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"}],\"name\":\"accountOf\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"pure\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"adjudicator\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"payouts\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"spending\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"verdicts\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"total\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"spent\",\"type\":\"uint256\"},{\"internalType\":\"uint64\",\"name\":\"through\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"logRoot\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"logSize\",\"type\":\"uint64\"}],\"internalType\":\"structHeader\",\"name\":\"header\",\"type\":\"tuple\"},{\"internalType\":\"bytes32\",\"name\":\"evidence\",\"type\":\"bytes32\"}],\"name\":\"blockRoot\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"bond\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"staker\",\"type\":\"address\"}],\"name\":\"bondOf\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"bonds\",\"outputs\":[{\"internalType\":\"uint96\",\"name\":\"\",\"type\":\"uint96\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"}],\"name\":\"cancelNotice\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"payouts\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"spending\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"verdicts\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"total\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"spent\",\"type\":\"uint256\"},{\"internalType\":\"uint64\",\"name\":\"through\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"logRoot\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"logSize\",\"type\":\"uint64\"}],\"internalType\":\"structHeader\",\"name\":\"header\",\"type\":\"tuple\"},{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"},{\"internalType\":\"uint256\",\"name\":\"cumulative\",\"type\":\"uint256\"},{\"internalType\":\"bytes32[]\",\"name\":\"proof\",\"type\":\"bytes32[]\"}],\"name\":\"claim\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"payouts\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"spending\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"verdicts\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"total\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"spent\",\"type\":\"uint256\"},{\"internalType\":\"uint64\",\"name\":\"through\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"logRoot\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"logSize\",\"type\":\"uint64\"}],\"internalType\":\"structHeader\",\"name\":\"header\",\"type\":\"tuple\"},{\"internalType\":\"address[]\",\"name\":\"accounts\",\"type\":\"address[]\"},{\"internalType\":\"uint256[]\",\"name\":\"cumulatives\",\"type\":\"uint256[]\"},{\"internalType\":\"bytes32[]\",\"name\":\"proof\",\"type\":\"bytes32[]\"},{\"internalType\":\"bool[]\",\"name\":\"flags\",\"type\":\"bool[]\"}],\"name\":\"claimMany\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"claimed\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"cumulative\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address[]\",\"name\":\"accounts\",\"type\":\"address[]\"}],\"name\":\"claimedOf\",\"outputs\":[{\"internalType\":\"uint256[]\",\"name\":\"cumulatives\",\"type\":\"uint256[]\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"delay\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"deposit\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"deadline\",\"type\":\"uint256\"},{\"internalType\":\"uint8\",\"name\":\"v\",\"type\":\"uint8\"},{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"s\",\"type\":\"bytes32\"}],\"name\":\"depositWithPermit\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"deposited\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"effective\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"headerHash\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"firstBlock\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"funds\",\"outputs\":[{\"internalType\":\"uint128\",\"name\":\"\",\"type\":\"uint128\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"}],\"name\":\"giveNotice\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"bool\",\"name\":\"rootIsGood\",\"type\":\"bool\"}],\"name\":\"judge\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"judgement\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"notice\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"next\",\"type\":\"address\"}],\"name\":\"offerPoster\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"offered\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"paid\",\"outputs\":[{\"internalType\":\"uint128\",\"name\":\"\",\"type\":\"uint128\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"pending\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"headerHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"postedAt\",\"type\":\"uint64\"},{\"internalType\":\"uint8\",\"name\":\"state\",\"type\":\"uint8\"},{\"internalType\":\"address\",\"name\":\"watcher\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"payouts\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"spending\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"verdicts\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"total\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"spent\",\"type\":\"uint256\"},{\"internalType\":\"uint64\",\"name\":\"through\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"logRoot\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"logSize\",\"type\":\"uint64\"}],\"internalType\":\"structHeader\",\"name\":\"before\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"payouts\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"spending\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"verdicts\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"total\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"spent\",\"type\":\"uint256\"},{\"internalType\":\"uint64\",\"name\":\"through\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"logRoot\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"logSize\",\"type\":\"uint64\"}],\"internalType\":\"structHeader\",\"name\":\"header\",\"type\":\"tuple\"}],\"name\":\"postRoot\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"poster\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"putBond\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"next\",\"type\":\"address\"}],\"name\":\"recoverPoster\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"settleSilence\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"takeBond\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"token\",\"outputs\":[{\"internalType\":\"contractIERC20\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"payouts\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"spending\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"verdicts\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"total\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"spent\",\"type\":\"uint256\"},{\"internalType\":\"uint64\",\"name\":\"through\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"logRoot\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"logSize\",\"type\":\"uint64\"}],\"internalType\":\"structHeader\",\"name\":\"header\",\"type\":\"tuple\"},{\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"spent\",\"type\":\"uint256\"},{\"internalType\":\"bytes32[]\",\"name\":\"proof\",\"type\":\"bytes32[]\"},{\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"}],\"name\":\"withdraw\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"withdrawn\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"staker\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"BondPut\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"staker\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"BondTaken\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"address\",\"name\":\"from\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"Deposited\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"}],\"name\":\"NoticeCancelled\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"until\",\"type\":\"uint64\"}],\"name\":\"NoticeGiven\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"before\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"poster\",\"type\":\"address\"}],\"name\":\"PosterChanged\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"watcher\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"evidence\",\"type\":\"bytes32\"}],\"name\":\"RootBlocked\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"bool\",\"name\":\"good\",\"type\":\"bool\"}],\"name\":\"RootJudged\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"headerHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"payouts\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"spending\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"verdicts\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"total\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"spent\",\"type\":\"uint256\"},{\"internalType\":\"uint64\",\"name\":\"through\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"logRoot\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"logSize\",\"type\":\"uint64\"}],\"indexed\":false,\"internalType\":\"structHeader\",\"name\":\"header\",\"type\":\"tuple\"}],\"name\":\"RootPosted\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"headerHash\",\"type\":\"bytes32\"}],\"name\":\"RootVoided\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"ref\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"owner\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"address\",\"name\":\"to\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"Withdrawn\",\"type\":\"event\"},{\"inputs\":[],\"name\":\"MerkleProofInvalidMultiproof\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ReentrancyGuardReentrantCall\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"token\",\"type\":\"address\"}],\"name\":\"SafeERC20FailedOperation\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"VaultBadAddress\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"amount\",\"type\":\"uint256\"}],\"name\":\"VaultBadAmount\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"accounts\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"cumulatives\",\"type\":\"uint256\"}],\"name\":\"VaultBadBatch\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"before\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"given\",\"type\":\"uint64\"}],\"name\":\"VaultBadLogSize\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"VaultBadProof\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"VaultBadTerms\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"before\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"given\",\"type\":\"uint64\"}],\"name\":\"VaultBadThrough\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"needed\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"given\",\"type\":\"uint256\"}],\"name\":\"VaultBondTooSmall\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"sent\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"arrived\",\"type\":\"uint256\"}],\"name\":\"VaultFeeToken\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"account\",\"type\":\"bytes32\"}],\"name\":\"VaultNoAccount\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"VaultNotAdjudicator\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"}],\"name\":\"VaultNotInForce\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"}],\"name\":\"VaultNotPending\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"VaultNotPoster\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"VaultNotWatcher\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"VaultNothingToClaim\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"left\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"spent\",\"type\":\"uint256\"}],\"name\":\"VaultNothingToWithdraw\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"given\",\"type\":\"uint64\"}],\"name\":\"VaultNotice\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"paid\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"total\",\"type\":\"uint256\"}],\"name\":\"VaultOverpaid\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"total\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"spent\",\"type\":\"uint256\"}],\"name\":\"VaultOverspent\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"}],\"name\":\"VaultRootPending\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"accounted\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"held\",\"type\":\"uint256\"}],\"name\":\"VaultShort\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"before\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"given\",\"type\":\"uint256\"}],\"name\":\"VaultSpentShrinks\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"until\",\"type\":\"uint256\"}],\"name\":\"VaultTooEarly\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"before\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"given\",\"type\":\"uint256\"}],\"name\":\"VaultTotalShrinks\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"spent\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"funds\",\"type\":\"uint256\"}],\"name\":\"VaultUnderfunded\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"expected\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"given\",\"type\":\"uint64\"}],\"name\":\"VaultWrongEpoch\",\"type\":\"error\"}]",
	ID:  "152a83ec69a144b8093a173ad8d9e57938",
	Bin: "0x610160604052348015610010575f5ffd5b50604051613d88380380613d8883398101604081905261002f916102cc565b80516001600160a01b031615801590610054575060208101516001600160a01b031615155b6100715760405163717875a560e01b815260040160405180910390fd5b606081015160c0820151156001600160401b03909116151480156100a0575060c08101516001600160601b0310155b6100bd5760405163717875a560e01b815260040160405180910390fd5b60808101516100d6906001600160401b03166002610396565b60608201516100ef906001600160401b03166003610396565b6100f991906103b3565b8160a001516001600160401b031610156101265760405163717875a560e01b815260040160405180910390fd5b5f5f82608001516001600160401b031611801561014f575060408201516001600160a01b031615155b8015610175575081602001516001600160a01b031682604001516001600160a01b031614155b90508160c001515f14806101865750805b6101a35760405163717875a560e01b815260040160405180910390fd5b81516001600160a01b039081166080908152604080850151831660a090815260608601516001600160401b0390811660c090815293870151811660e0529086015116610100529084015161012090815243610140908152602086015160018054919095166001600160a01b031990911617909355815181815292830190915260208201818036833750508151602092830120600555506004805464ffffffffff60281b1916650100000000004264ffffffffff16021790558201516040516001600160a01b03909116905f907f32487a31d5a41d672510a2a1aa50e214e52d5d25fd9a9e94dfa66f4349f8840f908290a350506103c6565b80516001600160a01b03811681146102b1575f5ffd5b919050565b80516001600160401b03811681146102b1575f5ffd5b5f60e08284031280156102dd575f5ffd5b5060405160e081016001600160401b038111828210171561030c57634e487b7160e01b5f52604160045260245ffd5b6040526103188361029b565b81526103266020840161029b565b60208201526103376040840161029b565b6040820152610348606084016102b6565b6060820152610359608084016102b6565b608082015261036a60a084016102b6565b60a082015260c0928301519281019290925250919050565b634e487b7160e01b5f52601160045260245ffd5b80820281158282048414176103ad576103ad610382565b92915050565b808201808211156103ad576103ad610382565b60805160a05160c05160e0516101005161012051610140516138c26104c65f395f61027301525f818161036c01528181611493015281816114cb0152818161151a01528181611544015281816117aa0152818161206c01528181612920015261296201525f81816104c7015281816109ab01528181610bdc01526119f501525f8181610663015261255d01525f818161039301526124e201525f818161031a015281816108de0152818161093f0152818161123e015261137b01525f818161068a01528181610ac001528181610ec601528181610f65015281816118b701528181611ca501528181612c3a01528181612cba0152612cf901526138c25ff3fe608060405234801561000f575f5ffd5b506004361061021e575f3560e01c80639c94e6c61161012a578063d3e27ca9116100b4578063e7c7197111610079578063e7c7197114610630578063eb2243f814610643578063eef49ee314610656578063f60ef6d31461065e578063fc0c546a14610685575f5ffd5b8063d3e27ca91461058b578063d65f45811461059e578063d86a872c146105b1578063e20ccec3146105d1578063e5d56c371461061d575f5ffd5b8063b02a161f116100fa578063b02a161f1461052b578063c80ec5221461053e578063c884ef8314610547578063c89f2ce414610566578063cef4548914610578575f5ffd5b80639c94e6c6146104c25780639cece888146104e9578063a51e7b62146104f1578063aeaa412e14610518575f5ffd5b8063558aebf5116101ab57806372d2b6c01161017b57806372d2b6c0146103e057806380959721146103ff57806394aaf7fa146104125780639a4012d11461049c5780639b3b9690146104af575f5ffd5b8063558aebf51461035457806364c9ec6f146103675780636a42b8f81461038e5780636a55f752146103cd575f5ffd5b806334979c95116101f157806334979c95146102d45780633e65ba16146102dc578063473efccd146102ef5780634eff3fc41461030257806353c2ed8e14610315575f5ffd5b80630f54979014610222578063135c404e14610237578063231b02681461026e578063295b4e17146102a3575b5f5ffd5b61023561023036600461320f565b6106ac565b005b60015461025190600160a01b90046001600160601b031681565b6040516001600160601b0390911681526020015b60405180910390f35b6102957f000000000000000000000000000000000000000000000000000000000000000081565b604051908152602001610265565b5f546102bc90600160801b90046001600160801b031681565b6040516001600160801b039091168152602001610265565b610235610758565b6102356102ea366004613241565b6108d3565b6102356102fd3660046132b8565b610a1d565b61023561031036600461320f565b610af7565b61033c7f000000000000000000000000000000000000000000000000000000000000000081565b6040516001600160a01b039091168152602001610265565b610235610362366004613326565b610c26565b6102957f000000000000000000000000000000000000000000000000000000000000000081565b6103b57f000000000000000000000000000000000000000000000000000000000000000081565b6040516001600160401b039091168152602001610265565b6102356103db366004613408565b610f1d565b6102956103ee366004613241565b600a6020525f908152604090205481565b60015461033c906001600160a01b031681565b61046261042036600461320f565b5f90815260086020526040902080546001909101546001600160801b0380831693600160801b90930416916001600160401b0380831692600160401b90041690565b604080516001600160801b0395861681529490931660208501526001600160401b0391821692840192909252166060820152608001610265565b60035461033c906001600160a01b031681565b6102356104bd36600461346e565b610fdc565b6103b57f000000000000000000000000000000000000000000000000000000000000000081565b61023561121e565b6104f96112f4565b604080516001600160401b039093168352602083019190915201610265565b6102956105263660046134a3565b611333565b6102356105393660046134f0565b611370565b61029560025481565b610295610555366004613241565b60096020525f908152604090205481565b5f546102bc906001600160801b031681565b61023561058636600461320f565b61171d565b610235610599366004613518565b611930565b6102356105ac366004613241565b611d45565b6105c46105bf36600461358f565b611da1565b60405161026591906135cd565b6105d9611e67565b604080516001600160401b0396871681526020810195909552929094169183019190915260ff1660608201526001600160a01b03909116608082015260a001610265565b61023561062b36600461320f565b611f42565b61023561063e36600461360f565b612069565b61023561065136600461363a565b61222d565b61029561224d565b6103b57f000000000000000000000000000000000000000000000000000000000000000081565b61033c7f000000000000000000000000000000000000000000000000000000000000000081565b5f60085f6106ba3385611333565b815260208101919091526040015f9081206001810154909250600160401b90046001600160401b031661071157604051632c386ab360e11b81526001600160401b0390911660048201526024015b60405180910390fd5b5060018101805467ffffffffffffffff60401b19169055604051339083907f1319b4e1871b8cb0e0ee4f91d9302ff03704fe1f989f3e65f9d33ef226417fc4905f90a35050565b6002600454600160d01b900460ff1660028111156107785761077861366a565b6004549114906107909064ffffffffff166001613692565b906107b857604051631bcabbb160e11b815264ffffffffff9091166004820152602401610708565b505f6107c261226c565b90505f816060015160028111156107db576107db61366a565b82519114906107eb906001613692565b906108135760405163e803e29f60e01b815264ffffffffff9091166004820152602401610708565b50805160048054602084015160408501516001600160801b0316600160501b02600160501b600160d01b031964ffffffffff928316600160281b0269ffffffffffffffffffff1990941692909516919091179190911792831681178255606084015184939091839160ff60d01b19909116600160501b600160d81b031990911617600160d01b8360028111156108ab576108ab61366a565b021790555060809190910151815460ff909116600160d81b0260ff60d81b1990911617905550565b336001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016811461092957604051630b998ecf60e31b81526001600160a01b039091166004820152602401610708565b506001600160a01b0381161580159061097457507f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316816001600160a01b031614155b819061099f576040516315d1b9a760e31b81526001600160a01b039091166004820152602401610708565b506004545f906109e7907f00000000000000000000000000000000000000000000000000000000000000006001600160401b031690600160281b900464ffffffffff166136af565b9050804210158190610a0f5760405163a84d1bd160e01b815260040161070891815260200190565b50610a1982612358565b5050565b610a256123ba565b610a3685610a31612413565b61259b565b610a4f82828760200135610a4a88886125f8565b61261b565b610a6c576040516301da168960e71b815260040160405180910390fd5b5f610a778585612632565b90508481610aa4576040516327c90e3160e21b81526001600160a01b039091166004820152602401610708565b50610ab3818760800135612686565b610ae76001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001686836126f4565b50610af0612729565b5050505050565b5f610b023383611333565b5f81815260086020526040902060018101549192509082906001600160401b0316610b4357604051630aa7b97b60e21b815260040161070891815260200190565b506001810154600160401b90046001600160401b03168015610b8457604051632c386ab360e11b81526001600160401b039091166004820152602401610708565b50428160010160086101000a8154816001600160401b0302191690836001600160401b03160217905550336001600160a01b0316837fde1786b84a7b9db6ecd20286a79c1590dc8baf075f5524db4b459581ab87fc537f000000000000000000000000000000000000000000000000000000000000000042610c0691906136c2565b6040516001600160401b03909116815260200160405180910390a3505050565b610c2e6123ba565b868015801590610c3d57508086145b81908790610c675760405163f605aac760e01b815260048101929092526024820152604401610708565b5050610c758a610a31612413565b5f816001600160401b03811115610c8e57610c8e6136e1565b604051908082528060200260200182016040528015610cb7578160200160208202803683370190505b5090505f5b82811015610d3157610d0c8b8b83818110610cd957610cd96136f5565b9050602002016020810190610cee9190613241565b8a8a84818110610d0057610d006136f5565b905060200201356125f8565b828281518110610d1e57610d1e6136f5565b6020908102919091010152600101610cbc565b50610d44868686868f6020013586612753565b610d61576040516301da168960e71b815260040160405180910390fd5b5f826001600160401b03811115610d7a57610d7a6136e1565b604051908082528060200260200182016040528015610da3578160200160208202803683370190505b5090505f805b84811015610e4657610df98d8d83818110610dc657610dc66136f5565b9050602002016020810190610ddb9190613241565b8c8c84818110610ded57610ded6136f5565b90506020020135612632565b838281518110610e0b57610e0b6136f5565b602002602001018181525050828181518110610e2957610e296136f5565b602002602001015182610e3c91906136af565b9150600101610da9565b50610e55818e60800135612686565b5f5b84811015610f05575f838281518110610e7257610e726136f5565b60200260200101511115610efd57610efd8d8d83818110610e9557610e956136f5565b9050602002016020810190610eaa9190613241565b848381518110610ebc57610ebc6136f5565b60200260200101517f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03166126f49092919063ffffffff16565b600101610e57565b5050505050610f12612729565b505050505050505050565b610f256123ba565b60405163d505accf60e01b8152336004820152306024820152604481018690526064810185905260ff8416608482015260a4810183905260c481018290527f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03169063d505accf9060e4015f604051808303815f87803b158015610fae575f5ffd5b505af1925050508015610fbf575060015b50610fcb87878761276e565b610fd3612729565b50505050505050565b60015433906001600160a01b0316811461101557604051637b0d848b60e01b81526001600160a01b039091166004820152602401610708565b5061101f3361291e565b5f61102861226c565b80519091505f906110419064ffffffffff1660016136c2565b90505f8260600151600281111561105a5761105a61366a565b1481906110865760405163e803e29f60e01b81526001600160401b039091166004820152602401610708565b506001600160401b03811661109e6020850185613709565b6001600160401b031614816110b66020860186613709565b90916110e857604051630275adf760e11b81526001600160401b03928316600482015291166024820152604401610708565b50506110f4848361259b565b6110fe84846129b2565b5f61110884612bd1565b90508060058460800151600161111e9190613722565b60ff1660028110611131576111316136f5565b0155600160608401524264ffffffffff908116602080860182905260a08701356001600160801b03166040870181905286516004805460808a015160ff16600160d81b029290961669ffffffffffffffffffff1990961695909517600160281b90940293909317600160501b600160d81b031916600160501b90910260ff60d01b191617600160d01b1760ff60d81b19169190911790915581906111d790860186613709565b6001600160401b03167fa4f5af5201d94502c6f676dfa3da5a105035f8591821626b3907fca1924050228660405161120f919061373b565b60405180910390a35050505050565b6003546001600160a01b0316331480156112615750336001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001614155b339061128c576040516315d1b9a760e31b81526001600160a01b039091166004820152602401610708565b505f611296612413565b90505f816060015160028111156112af576112af61366a565b82519114906112bf906001613692565b906112e75760405163e803e29f60e01b815264ffffffffff9091166004820152602401610708565b506112f133612358565b50565b5f5f5f6112ff612413565b9050805f01516005826080015160ff166002811061131f5761131f6136f5565b015464ffffffffff90911694909350915050565b604080516001600160a01b03841660208201529081018290525f906060016040516020818303038152906040528051906020012090505b92915050565b336001600160a01b037f00000000000000000000000000000000000000000000000000000000000000001681146113c657604051630b998ecf60e31b81526001600160a01b039091166004820152602401610708565b505f6113d0612413565b90506002816060015160028111156113ea576113ea61366a565b148015611412575080516113ff906001613692565b64ffffffffff16836001600160401b0316145b839061143d57604051631bcabbb160e11b81526001600160401b039091166004820152602401610708565b506007546001600160a01b03165f80846114645760015483906001600160a01b0316611472565b6001546001600160a01b0316835b6001600160a01b0381165f908152600a6020526040812080549395509193507f0000000000000000000000000000000000000000000000000000000000000000926114be9084906137cc565b909155506114ef905060027f00000000000000000000000000000000000000000000000000000000000000006137df565b335f908152600a60205260408120805490919061150d9084906136af565b9091555061153e905060027f00000000000000000000000000000000000000000000000000000000000000006137df565b611568907f00000000000000000000000000000000000000000000000000000000000000006137cc565b6001600160a01b0383165f908152600a60205260408120805490919061158f9084906136af565b909155505084156115a8576115a384612be6565b6115af565b5f60608501525b835160048054602087015160408801516001600160801b0316600160501b02600160501b600160d01b031964ffffffffff928316600160281b0269ffffffffffffffffffff1990941692909516919091179190911792831681178255606087015187939091839160ff60d01b19909116600160501b600160d81b031990911617600160d01b8360028111156116465761164661366a565b021790555060809190910151815460ff909116600160d81b0260ff60d81b1990911617905560405185151581526001600160401b038716907ffb637f4678b5c6040c8043a0daa9eb0e67aff7a90dc03340e9e4003dc86e37bc9060200160405180910390a28461171557856001600160401b03167fc4d71a6f93e2c1f832a533f0708058a5dc0f8c065f1f0a81dadb7d848a1daf0e6005866080015160016116ee9190613722565b60ff1660028110611701576117016136f5565b015460405190815260200160405180910390a25b505050505050565b6117256123ba565b5f61172e612413565b90505f80826060015160028111156117485761174861366a565b1415801561176057506001546001600160a01b031633145b90505f60028360600151600281111561177b5761177b61366a565b14801561179257506007546001600160a01b031633145b90505f828061179e5750815b6117a8575f6117ca565b7f00000000000000000000000000000000000000000000000000000000000000005b335f908152600a602052604090205490915085806117fe5760405163028f0cf760e41b815260040161070891815260200190565b5080861115801561181857508161181587836137cc565b10155b61182287846136af565b82909161184b57604051638be6132760e01b815260048101929092526024820152604401610708565b50611858905086826137cc565b335f908152600a60205260409020556001805487919060149061188c908490600160a01b90046001600160601b03166137fe565b92506101000a8154816001600160601b0302191690836001600160601b031602179055506118ee33877f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03166126f49092919063ffffffff16565b60405186815233907f59c32e8d4de1540de15bea48cb5c7a2a41f85dd05deb18d349cba1477ad9af3e9060200160405180910390a250505050506112f1612729565b6119386123ba565b6001600160a01b0381161580159061195957506001600160a01b0381163014155b8190611984576040516315d1b9a760e31b81526001600160a01b039091166004820152602401610708565b505f6119903387611333565b5f818152600860205260408120600181015492935091600160401b90046001600160401b03166119df57604051632c386ab360e11b81526001600160401b039091166004820152602401610708565b5060018101545f90611a24906001600160401b037f0000000000000000000000000000000000000000000000000000000000000000811691600160401b9004166136af565b9050804210158190611a4c5760405163a84d1bd160e01b815260040161070891815260200190565b505f611a56612413565b9050611a628a8261259b565b611a7260e08b0160c08c01613709565b60018401546001600160401b0391821691161115611ab85787158015611a96575085155b611ab3576040516301da168960e71b815260040160405180910390fd5b611af8565b611adb87878c60400135610a4a888d5f9182526020908152604082208252902090565b611af8576040516301da168960e71b815260040160405180910390fd5b82545f90611b18906001600160801b03600160801b82048116911661381d565b6001600160801b031690508089818110611b4e5760405163bbb6680560e01b815260048101929092526024820152604401610708565b505f9050611b5c8a836137cc565b5f805491925090611b779083906001600160801b03166137cc565b90505f8085606001516002811115611b9157611b9161366a565b14611ba95784604001516001600160801b0316611baf565b8d60a001355b9050808281811015611bdd57604051636087a9b560e01b815260048101929092526024820152604401610708565b505060018701805467ffffffffffffffff60401b191690558654839081908990601090611c1b908490600160801b90046001600160801b031661383c565b92506101000a8154816001600160801b0302191690836001600160801b03160217905550806001600160801b031660025f828254611c5991906136af565b90915550505f80548291908190611c7a9084906001600160801b031661381d565b92506101000a8154816001600160801b0302191690836001600160801b03160217905550611cdc8a857f00000000000000000000000000000000000000000000000000000000000000006001600160a01b03166126f49092919063ffffffff16565b336001600160a01b03168e7fa6786aab7dbbc48b4b0387488b407bd81448030ab207b50bea7dbb5fbc1cd9eb8c87604051611d2c9291906001600160a01b03929092168252602082015260400190565b60405180910390a3505050505050505050611715612729565b60015433906001600160a01b03168114611d7e57604051637b0d848b60e01b81526001600160a01b039091166004820152602401610708565b50600380546001600160a01b0319166001600160a01b0392909216919091179055565b6060816001600160401b03811115611dbb57611dbb6136e1565b604051908082528060200260200182016040528015611de4578160200160208202803683370190505b5090505f5b82811015611e605760095f858584818110611e0657611e066136f5565b9050602002016020810190611e1b9190613241565b6001600160a01b03166001600160a01b031681526020019081526020015f2054828281518110611e4d57611e4d6136f5565b6020908102919091010152600101611de9565b5092915050565b5f5f5f5f5f5f611e75612413565b90505f81606001516002811115611e8e57611e8e61366a565b03611ea857505f9450849350839250829150819050611f3b565b600281606001516002811115611ec057611ec061366a565b03611ed4576007546001600160a01b031691505b8051611ee1906001613692565b600582608001516001611ef49190613722565b60ff1660028110611f0757611f076136f5565b0154826020015183606001516002811115611f2457611f2461366a565b64ffffffffff938416995091975090911694509250505b9091929394565b611f4a6123ba565b5f81118015611f805750600154611f73906001600160601b03600160a01b9091048116906137fe565b6001600160601b03168111155b8190611fa25760405163028f0cf760e41b815260040161070891815260200190565b5080600160148282829054906101000a90046001600160601b0316611fc7919061385b565b92506101000a8154816001600160601b0302191690836001600160601b0316021790555080600a5f336001600160a01b03166001600160a01b031681526020019081526020015f205f82825461201d91906136af565b9091555061202c905081612c23565b60405181815233907fd02278b6d66cc51e4c31502f3034e8a62b1d6d8f079541da246d66cddfda26d89060200160405180910390a26112f1612729565b5f7f00000000000000000000000000000000000000000000000000000000000000001180156120a357506001546001600160a01b03163314155b33906120ce57604051631049006560e01b81526001600160a01b039091166004820152602401610708565b506120d83361291e565b5f6120e1612413565b90505f6005826080015160016120f79190613722565b60ff166002811061210a5761210a6136f5565b015461211585612bd1565b1490506001826060015160028111156121305761213061366a565b14801561213a5750805b6121476020860186613709565b9061217157604051631bcabbb160e11b81526001600160401b039091166004820152602401610708565b50600480546002919060ff60d01b1916600160d01b8302179055506040805180820190915233808252426001600160401b03166020928301819052600780546001600160e01b03191667ffffffffffffffff60a01b19841617600160a01b909202919091179055906121e590860186613709565b6001600160401b03167f367a878f2eaa43973919b665b701c8848752d19e073878b8d20de88e7100ab028560405161221f91815260200190565b60405180910390a350505050565b6122356123ba565b61224083838361276e565b612248612729565b505050565b6002545f80549091612267916001600160801b03166136af565b905090565b6040805160a0810182525f8082526020820181905291810182905260608101829052608081019190915261229e612413565b90506002600454600160d01b900460ff1660028111156122c0576122c061366a565b1480156122e157505f816060015160028111156122df576122df61366a565b145b156123555780516122f3906001613692565b64ffffffffff167fc4d71a6f93e2c1f832a533f0708058a5dc0f8c065f1f0a81dadb7d848a1daf0e60058360800151600161232e9190613722565b60ff1660028110612341576123416136f5565b015460405190815260200160405180910390a25b90565b6001546040516001600160a01b038084169216907f32487a31d5a41d672510a2a1aa50e214e52d5d25fd9a9e94dfa66f4349f8840f905f90a3600180546001600160a01b039092166001600160a01b0319928316179055600380549091169055565b6123e47f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005c612e14565b61241160017f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f005b90612e32565b565b6040805160a0810182525f808252602082018190529181018290526060810182905260808101919091526040805160a0810182526004805464ffffffffff8082168452600160281b8204166020840152600160501b81046001600160801b03169383019390935290916060830190600160d01b900460ff16600281111561249c5761249c61366a565b60028111156124ad576124ad61366a565b81529054600160d81b900460ff1660209091015290506001816060015160028111156124db576124db61366a565b0361252f577f00000000000000000000000000000000000000000000000000000000000000006001600160401b0316816020015164ffffffffff1661252091906136af565b42106123555761235581612be6565b6002816060015160028111156125475761254761366a565b036123555760075461258c906001600160401b037f0000000000000000000000000000000000000000000000000000000000000000811691600160a01b9004166136af565b4210612355575f606082015290565b6005816080015160ff16600281106125b5576125b56136f5565b01546125c083612bd1565b146125ce6020840184613709565b906122485760405163298eda4d60e01b81526001600160401b039091166004820152602401610708565b6001600160a01b0382165f908152602082815260408220825281205b9392505050565b5f82612628868685612e39565b1495945050505050565b6001600160a01b0382165f9081526009602052604081205480831161265a575f91505061136a565b6001600160a01b0384165f90815260096020526040902083905561267e81846137cc565b949350505050565b5f80546126a4908490600160801b90046001600160801b03166136af565b90508082808211156126d2576040516374e27acb60e01b815260048101929092526024820152604401610708565b50505f80546001600160801b03928316600160801b0292169190911790555050565b6127018383836001612e7a565b61224857604051635274afe760e01b81526001600160a01b0384166004820152602401610708565b6124115f7f9b779b17422d0df92223018b32b4d1fa46e071723d6817e2486d003becc55f0061240b565b5f826127628888888887612edc565b14979650505050505050565b826001600160a01b0381166127a2576040516315d1b9a760e31b81526001600160a01b039091166004820152602401610708565b505f811180156127d157505f546127c4906001600160801b039081169061381d565b6001600160801b03168111155b81906127f35760405163028f0cf760e41b815260040161070891815260200190565b50805f6008816128038787611333565b81526020019081526020015f209050815f5f8282829054906101000a90046001600160801b0316612834919061383c565b92506101000a8154816001600160801b0302191690836001600160801b0316021790555081815f015f8282829054906101000a90046001600160801b031661287c919061383c565b82546001600160801b039182166101009390930a92830291909202199091161790555060018101546001600160401b03165f036128d25760018101805467ffffffffffffffff1916436001600160401b03161790555b6128db83612c23565b60408051338152602081018590526001600160a01b0387169186917fcfccc5211684bc31ce945214025a7453ba30a1ffcc38fcb691ce742437f3f256910161120f565b7f00000000000000000000000000000000000000000000000000000000000000005f036129485750565b6001600160a01b0381165f908152600a60205260409020547f000000000000000000000000000000000000000000000000000000000000000081818110156129ac57604051638be6132760e01b815260048101929092526024820152604401610708565b50505050565b6080808201359060a08301359084013582818110156129ed57604051633c075ded60e01b815260048101929092526024820152604401610708565b505060a08401358181811015612a1f5760405163405c9efb60e11b815260048101929092526024820152604401610708565b508290508180821115612a4e57604051635b0e035b60e11b815260048101929092526024820152604401610708565b50505f5481906001600160801b031680821115612a9057604051636087a9b560e01b815260048101929092526001600160801b03166024820152604401610708565b505f9050612aa460e0860160c08701613709565b6001600160401b0316612abd60e0860160c08701613709565b6001600160401b031610158015612aeb575043612ae060e0860160c08701613709565b6001600160401b0316105b905080612afe60e0870160c08801613709565b612b0e60e0870160c08801613709565b9091612b40576040516316bb95d560e31b81526001600160401b03928316600482015291166024820152604401610708565b50612b55905061012086016101008701613709565b6001600160401b0316612b7061012086016101008701613709565b6001600160401b03161015612b8d61012087016101008801613709565b612b9f61012087016101008801613709565b9091610fd357604051633752905d60e21b81526001600160401b03928316600482015291166024820152604401610708565b5f604051610120838237610120902092915050565b5f606082015280516001908290612bfe908390613692565b64ffffffffff169052506080810151612c18906001613722565b60ff16608090910152565b6040516370a0823160e01b81523060048201525f907f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316906370a0823190602401602060405180830381865afa158015612c87573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190612cab919061387a565b9050612ce26001600160a01b037f000000000000000000000000000000000000000000000000000000000000000016333085613140565b6040516370a0823160e01b81523060048201525f907f00000000000000000000000000000000000000000000000000000000000000006001600160a01b0316906370a0823190602401602060405180830381865afa158015612d46573d5f5f3e3d5ffd5b505050506040513d601f19601f82011682018060405250810190612d6a919061387a565b90505f612d7783836137cc565b90508381818114612da457604051632d42b35d60e11b815260048101929092526024820152604401610708565b50506001545f805490916001600160601b03600160a01b9091041690612ddc906001600160801b03600160801b8204811691166137cc565b612de691906136af565b9050808381811015610fd35760405163635de54960e11b815260048101929092526024820152604401610708565b1561241157604051633ee5aeb560e01b815260040160405180910390fd5b80825d5050565b5f81815b84811015612e7157612e6782878784818110612e5b57612e5b6136f5565b90506020020135613176565b9150600101612e3d565b50949350505050565b60405163a9059cbb60e01b5f8181526001600160a01b038616600452602485905291602083604481808b5af1925060015f51148316612ed0578383151615612ec4573d5f823e3d81fd5b5f873b113d1516831692505b60405250949350505050565b80515f9083612eec8160016136af565b612ef688846136af565b14612f1457604051631a8a024960e11b815260040160405180910390fd5b80156130f0575f816001600160401b03811115612f3357612f336136e1565b604051908082528060200260200182016040528015612f5c578160200160208202803683370190505b5090505f8080805b858110156130a5575f878510612f9e578584612f7f81613891565b955081518110612f9157612f916136f5565b6020026020010151612fc4565b8985612fa981613891565b965081518110612fbb57612fbb6136f5565b60200260200101515b90505f8c8c84818110612fd957612fd96136f5565b9050602002016020810190612fee91906138a9565b61301b578e8e85612ffe81613891565b965081811061300f5761300f6136f5565b90506020020135613072565b88861061304c57868561302d81613891565b96508151811061303f5761303f6136f5565b6020026020010151613072565b8a8661305781613891565b975081518110613069576130696136f5565b60200260200101515b905061307e8282613176565b878481518110613090576130906136f5565b60209081029190910101525050600101612f64565b50808b146130c657604051631a8a024960e11b815260040160405180910390fd5b8360018603815181106130db576130db6136f5565b60200260200101519650505050505050613137565b811561311957835f81518110613108576131086136f5565b602002602001015192505050613137565b87875f81811061312b5761312b6136f5565b90506020020135925050505b95945050505050565b61314e8484848460016131a2565b6129ac57604051635274afe760e01b81526001600160a01b0385166004820152602401610708565b5f818310613190575f828152602084905260409020612614565b5f838152602083905260409020612614565b6040516323b872dd60e01b5f8181526001600160a01b038781166004528616602452604485905291602083606481808c5af1925060015f511483166131fe5783831516156131f2573d5f823e3d81fd5b5f883b113d1516831692505b604052505f60605295945050505050565b5f6020828403121561321f575f5ffd5b5035919050565b80356001600160a01b038116811461323c575f5ffd5b919050565b5f60208284031215613251575f5ffd5b61261482613226565b5f610120828403121561326b575f5ffd5b50919050565b5f5f83601f840112613281575f5ffd5b5081356001600160401b03811115613297575f5ffd5b6020830191508360208260051b85010111156132b1575f5ffd5b9250929050565b5f5f5f5f5f61018086880312156132cd575f5ffd5b6132d7878761325a565b94506132e66101208701613226565b935061014086013592506101608601356001600160401b03811115613309575f5ffd5b61331588828901613271565b969995985093965092949392505050565b5f5f5f5f5f5f5f5f5f6101a08a8c03121561333f575f5ffd5b6133498b8b61325a565b98506101208a01356001600160401b03811115613364575f5ffd5b6133708c828d01613271565b9099509750506101408a01356001600160401b0381111561338f575f5ffd5b61339b8c828d01613271565b9097509550506101608a01356001600160401b038111156133ba575f5ffd5b6133c68c828d01613271565b9095509350506101808a01356001600160401b038111156133e5575f5ffd5b6133f18c828d01613271565b915080935050809150509295985092959850929598565b5f5f5f5f5f5f5f60e0888a03121561341e575f5ffd5b61342788613226565b9650602088013595506040880135945060608801359350608088013560ff81168114613451575f5ffd5b9699959850939692959460a0840135945060c09093013592915050565b5f5f6102408385031215613480575f5ffd5b61348a848461325a565b915061349a84610120850161325a565b90509250929050565b5f5f604083850312156134b4575f5ffd5b6134bd83613226565b946020939093013593505050565b80356001600160401b038116811461323c575f5ffd5b8035801515811461323c575f5ffd5b5f5f60408385031215613501575f5ffd5b61350a836134cb565b915061349a602084016134e1565b5f5f5f5f5f5f6101a0878903121561352e575f5ffd5b613538888861325a565b9550610120870135945061014087013593506101608701356001600160401b03811115613563575f5ffd5b61356f89828a01613271565b909450925061358390506101808801613226565b90509295509295509295565b5f5f602083850312156135a0575f5ffd5b82356001600160401b038111156135b5575f5ffd5b6135c185828601613271565b90969095509350505050565b602080825282518282018190525f918401906040840190835b818110156136045783518352602093840193909201916001016135e6565b509095945050505050565b5f5f6101408385031215613621575f5ffd5b61362b848461325a565b94610120939093013593505050565b5f5f5f6060848603121561364c575f5ffd5b61365584613226565b95602085013595506040909401359392505050565b634e487b7160e01b5f52602160045260245ffd5b634e487b7160e01b5f52601160045260245ffd5b64ffffffffff818116838216019081111561136a5761136a61367e565b8082018082111561136a5761136a61367e565b6001600160401b03818116838216019081111561136a5761136a61367e565b634e487b7160e01b5f52604160045260245ffd5b634e487b7160e01b5f52603260045260245ffd5b5f60208284031215613719575f5ffd5b612614826134cb565b60ff828116828216039081111561136a5761136a61367e565b61012081016001600160401b03613751846134cb565b1682526020838101359083015260408084013590830152606080840135908301526080808401359083015260a080840135908301526001600160401b0361379a60c085016134cb565b1660c083015260e083810135908301526137b761010084016134cb565b6001600160401b038116610100840152611e60565b8181038181111561136a5761136a61367e565b5f826137f957634e487b7160e01b5f52601260045260245ffd5b500490565b6001600160601b03828116828216039081111561136a5761136a61367e565b6001600160801b03828116828216039081111561136a5761136a61367e565b6001600160801b03818116838216019081111561136a5761136a61367e565b6001600160601b03818116838216019081111561136a5761136a61367e565b5f6020828403121561388a575f5ffd5b5051919050565b5f600182016138a2576138a261367e565b5060010190565b5f602082840312156138b9575f5ffd5b612614826134e156",
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
// Solidity: constructor((address,address,address,uint64,uint64,uint64,uint256) terms) returns()
func (vault *Vault) PackConstructor(terms VaultTerms) []byte {
	enc, err := vault.abi.Pack("", terms)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackAcceptPoster is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9cece888.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function acceptPoster() returns()
func (vault *Vault) PackAcceptPoster() []byte {
	enc, err := vault.abi.Pack("acceptPoster")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAcceptPoster is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9cece888.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function acceptPoster() returns()
func (vault *Vault) TryPackAcceptPoster() ([]byte, error) {
	return vault.abi.Pack("acceptPoster")
}

// PackAccountInfo is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x94aaf7fa.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function accountInfo(bytes32 account) view returns(uint128 deposited_, uint128 withdrawn_, uint64 since, uint64 noticeAt)
func (vault *Vault) PackAccountInfo(account [32]byte) []byte {
	enc, err := vault.abi.Pack("accountInfo", account)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAccountInfo is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x94aaf7fa.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function accountInfo(bytes32 account) view returns(uint128 deposited_, uint128 withdrawn_, uint64 since, uint64 noticeAt)
func (vault *Vault) TryPackAccountInfo(account [32]byte) ([]byte, error) {
	return vault.abi.Pack("accountInfo", account)
}

// AccountInfoOutput serves as a container for the return parameters of contract
// method AccountInfo.
type AccountInfoOutput struct {
	Deposited *big.Int
	Withdrawn *big.Int
	Since     uint64
	NoticeAt  uint64
}

// UnpackAccountInfo is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x94aaf7fa.
//
// Solidity: function accountInfo(bytes32 account) view returns(uint128 deposited_, uint128 withdrawn_, uint64 since, uint64 noticeAt)
func (vault *Vault) UnpackAccountInfo(data []byte) (AccountInfoOutput, error) {
	out, err := vault.abi.Unpack("accountInfo", data)
	outstruct := new(AccountInfoOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Deposited = abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	outstruct.Withdrawn = abi.ConvertType(out[1], new(big.Int)).(*big.Int)
	outstruct.Since = *abi.ConvertType(out[2], new(uint64)).(*uint64)
	outstruct.NoticeAt = *abi.ConvertType(out[3], new(uint64)).(*uint64)
	return *outstruct, nil
}

// PackAccountOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xaeaa412e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function accountOf(address owner, bytes32 ref) pure returns(bytes32)
func (vault *Vault) PackAccountOf(owner common.Address, ref [32]byte) []byte {
	enc, err := vault.abi.Pack("accountOf", owner, ref)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAccountOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xaeaa412e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function accountOf(address owner, bytes32 ref) pure returns(bytes32)
func (vault *Vault) TryPackAccountOf(owner common.Address, ref [32]byte) ([]byte, error) {
	return vault.abi.Pack("accountOf", owner, ref)
}

// UnpackAccountOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xaeaa412e.
//
// Solidity: function accountOf(address owner, bytes32 ref) pure returns(bytes32)
func (vault *Vault) UnpackAccountOf(data []byte) ([32]byte, error) {
	out, err := vault.abi.Unpack("accountOf", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackAdjudicator is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x53c2ed8e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function adjudicator() view returns(address)
func (vault *Vault) PackAdjudicator() []byte {
	enc, err := vault.abi.Pack("adjudicator")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAdjudicator is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x53c2ed8e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function adjudicator() view returns(address)
func (vault *Vault) TryPackAdjudicator() ([]byte, error) {
	return vault.abi.Pack("adjudicator")
}

// UnpackAdjudicator is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x53c2ed8e.
//
// Solidity: function adjudicator() view returns(address)
func (vault *Vault) UnpackAdjudicator(data []byte) (common.Address, error) {
	out, err := vault.abi.Unpack("adjudicator", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackBlockRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe7c71971.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function blockRoot((uint64,bytes32,bytes32,bytes32,uint256,uint256,uint64,bytes32,uint64) header, bytes32 evidence) returns()
func (vault *Vault) PackBlockRoot(header Header, evidence [32]byte) []byte {
	enc, err := vault.abi.Pack("blockRoot", header, evidence)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBlockRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe7c71971.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function blockRoot((uint64,bytes32,bytes32,bytes32,uint256,uint256,uint64,bytes32,uint64) header, bytes32 evidence) returns()
func (vault *Vault) TryPackBlockRoot(header Header, evidence [32]byte) ([]byte, error) {
	return vault.abi.Pack("blockRoot", header, evidence)
}

// PackBond is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x64c9ec6f.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function bond() view returns(uint256)
func (vault *Vault) PackBond() []byte {
	enc, err := vault.abi.Pack("bond")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBond is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x64c9ec6f.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function bond() view returns(uint256)
func (vault *Vault) TryPackBond() ([]byte, error) {
	return vault.abi.Pack("bond")
}

// UnpackBond is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x64c9ec6f.
//
// Solidity: function bond() view returns(uint256)
func (vault *Vault) UnpackBond(data []byte) (*big.Int, error) {
	out, err := vault.abi.Unpack("bond", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackBondOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x72d2b6c0.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function bondOf(address staker) view returns(uint256 amount)
func (vault *Vault) PackBondOf(staker common.Address) []byte {
	enc, err := vault.abi.Pack("bondOf", staker)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBondOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x72d2b6c0.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function bondOf(address staker) view returns(uint256 amount)
func (vault *Vault) TryPackBondOf(staker common.Address) ([]byte, error) {
	return vault.abi.Pack("bondOf", staker)
}

// UnpackBondOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x72d2b6c0.
//
// Solidity: function bondOf(address staker) view returns(uint256 amount)
func (vault *Vault) UnpackBondOf(data []byte) (*big.Int, error) {
	out, err := vault.abi.Unpack("bondOf", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackBonds is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x135c404e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function bonds() view returns(uint96)
func (vault *Vault) PackBonds() []byte {
	enc, err := vault.abi.Pack("bonds")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackBonds is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x135c404e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function bonds() view returns(uint96)
func (vault *Vault) TryPackBonds() ([]byte, error) {
	return vault.abi.Pack("bonds")
}

// UnpackBonds is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x135c404e.
//
// Solidity: function bonds() view returns(uint96)
func (vault *Vault) UnpackBonds(data []byte) (*big.Int, error) {
	out, err := vault.abi.Unpack("bonds", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackCancelNotice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0f549790.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function cancelNotice(bytes32 ref) returns()
func (vault *Vault) PackCancelNotice(ref [32]byte) []byte {
	enc, err := vault.abi.Pack("cancelNotice", ref)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCancelNotice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0f549790.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function cancelNotice(bytes32 ref) returns()
func (vault *Vault) TryPackCancelNotice(ref [32]byte) ([]byte, error) {
	return vault.abi.Pack("cancelNotice", ref)
}

// PackClaim is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x473efccd.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function claim((uint64,bytes32,bytes32,bytes32,uint256,uint256,uint64,bytes32,uint64) header, address account, uint256 cumulative, bytes32[] proof) returns()
func (vault *Vault) PackClaim(header Header, account common.Address, cumulative *big.Int, proof [][32]byte) []byte {
	enc, err := vault.abi.Pack("claim", header, account, cumulative, proof)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackClaim is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x473efccd.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function claim((uint64,bytes32,bytes32,bytes32,uint256,uint256,uint64,bytes32,uint64) header, address account, uint256 cumulative, bytes32[] proof) returns()
func (vault *Vault) TryPackClaim(header Header, account common.Address, cumulative *big.Int, proof [][32]byte) ([]byte, error) {
	return vault.abi.Pack("claim", header, account, cumulative, proof)
}

// PackClaimMany is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x558aebf5.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function claimMany((uint64,bytes32,bytes32,bytes32,uint256,uint256,uint64,bytes32,uint64) header, address[] accounts, uint256[] cumulatives, bytes32[] proof, bool[] flags) returns()
func (vault *Vault) PackClaimMany(header Header, accounts []common.Address, cumulatives []*big.Int, proof [][32]byte, flags []bool) []byte {
	enc, err := vault.abi.Pack("claimMany", header, accounts, cumulatives, proof, flags)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackClaimMany is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x558aebf5.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function claimMany((uint64,bytes32,bytes32,bytes32,uint256,uint256,uint64,bytes32,uint64) header, address[] accounts, uint256[] cumulatives, bytes32[] proof, bool[] flags) returns()
func (vault *Vault) TryPackClaimMany(header Header, accounts []common.Address, cumulatives []*big.Int, proof [][32]byte, flags []bool) ([]byte, error) {
	return vault.abi.Pack("claimMany", header, accounts, cumulatives, proof, flags)
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

// PackDelay is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6a42b8f8.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function delay() view returns(uint64)
func (vault *Vault) PackDelay() []byte {
	enc, err := vault.abi.Pack("delay")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDelay is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6a42b8f8.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function delay() view returns(uint64)
func (vault *Vault) TryPackDelay() ([]byte, error) {
	return vault.abi.Pack("delay")
}

// UnpackDelay is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x6a42b8f8.
//
// Solidity: function delay() view returns(uint64)
func (vault *Vault) UnpackDelay(data []byte) (uint64, error) {
	out, err := vault.abi.Unpack("delay", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackDeposit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xeb2243f8.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function deposit(address owner, bytes32 ref, uint256 amount) returns()
func (vault *Vault) PackDeposit(owner common.Address, ref [32]byte, amount *big.Int) []byte {
	enc, err := vault.abi.Pack("deposit", owner, ref, amount)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDeposit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xeb2243f8.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function deposit(address owner, bytes32 ref, uint256 amount) returns()
func (vault *Vault) TryPackDeposit(owner common.Address, ref [32]byte, amount *big.Int) ([]byte, error) {
	return vault.abi.Pack("deposit", owner, ref, amount)
}

// PackDepositWithPermit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6a55f752.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function depositWithPermit(address owner, bytes32 ref, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) returns()
func (vault *Vault) PackDepositWithPermit(owner common.Address, ref [32]byte, amount *big.Int, deadline *big.Int, v uint8, r [32]byte, s [32]byte) []byte {
	enc, err := vault.abi.Pack("depositWithPermit", owner, ref, amount, deadline, v, r, s)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackDepositWithPermit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6a55f752.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function depositWithPermit(address owner, bytes32 ref, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) returns()
func (vault *Vault) TryPackDepositWithPermit(owner common.Address, ref [32]byte, amount *big.Int, deadline *big.Int, v uint8, r [32]byte, s [32]byte) ([]byte, error) {
	return vault.abi.Pack("depositWithPermit", owner, ref, amount, deadline, v, r, s)
}

// PackDeposited is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xeef49ee3.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function deposited() view returns(uint256)
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
// Solidity: function deposited() view returns(uint256)
func (vault *Vault) TryPackDeposited() ([]byte, error) {
	return vault.abi.Pack("deposited")
}

// UnpackDeposited is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xeef49ee3.
//
// Solidity: function deposited() view returns(uint256)
func (vault *Vault) UnpackDeposited(data []byte) (*big.Int, error) {
	out, err := vault.abi.Unpack("deposited", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackEffective is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa51e7b62.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function effective() view returns(uint64 epoch, bytes32 headerHash)
func (vault *Vault) PackEffective() []byte {
	enc, err := vault.abi.Pack("effective")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackEffective is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xa51e7b62.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function effective() view returns(uint64 epoch, bytes32 headerHash)
func (vault *Vault) TryPackEffective() ([]byte, error) {
	return vault.abi.Pack("effective")
}

// EffectiveOutput serves as a container for the return parameters of contract
// method Effective.
type EffectiveOutput struct {
	Epoch      uint64
	HeaderHash [32]byte
}

// UnpackEffective is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xa51e7b62.
//
// Solidity: function effective() view returns(uint64 epoch, bytes32 headerHash)
func (vault *Vault) UnpackEffective(data []byte) (EffectiveOutput, error) {
	out, err := vault.abi.Unpack("effective", data)
	outstruct := new(EffectiveOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Epoch = *abi.ConvertType(out[0], new(uint64)).(*uint64)
	outstruct.HeaderHash = *abi.ConvertType(out[1], new([32]byte)).(*[32]byte)
	return *outstruct, nil
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

// PackFunds is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc89f2ce4.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function funds() view returns(uint128)
func (vault *Vault) PackFunds() []byte {
	enc, err := vault.abi.Pack("funds")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackFunds is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc89f2ce4.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function funds() view returns(uint128)
func (vault *Vault) TryPackFunds() ([]byte, error) {
	return vault.abi.Pack("funds")
}

// UnpackFunds is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xc89f2ce4.
//
// Solidity: function funds() view returns(uint128)
func (vault *Vault) UnpackFunds(data []byte) (*big.Int, error) {
	out, err := vault.abi.Unpack("funds", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackGiveNotice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x4eff3fc4.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function giveNotice(bytes32 ref) returns()
func (vault *Vault) PackGiveNotice(ref [32]byte) []byte {
	enc, err := vault.abi.Pack("giveNotice", ref)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackGiveNotice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x4eff3fc4.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function giveNotice(bytes32 ref) returns()
func (vault *Vault) TryPackGiveNotice(ref [32]byte) ([]byte, error) {
	return vault.abi.Pack("giveNotice", ref)
}

// PackJudge is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb02a161f.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function judge(uint64 epoch, bool rootIsGood) returns()
func (vault *Vault) PackJudge(epoch uint64, rootIsGood bool) []byte {
	enc, err := vault.abi.Pack("judge", epoch, rootIsGood)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackJudge is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb02a161f.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function judge(uint64 epoch, bool rootIsGood) returns()
func (vault *Vault) TryPackJudge(epoch uint64, rootIsGood bool) ([]byte, error) {
	return vault.abi.Pack("judge", epoch, rootIsGood)
}

// PackJudgement is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf60ef6d3.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function judgement() view returns(uint64)
func (vault *Vault) PackJudgement() []byte {
	enc, err := vault.abi.Pack("judgement")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackJudgement is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf60ef6d3.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function judgement() view returns(uint64)
func (vault *Vault) TryPackJudgement() ([]byte, error) {
	return vault.abi.Pack("judgement")
}

// UnpackJudgement is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf60ef6d3.
//
// Solidity: function judgement() view returns(uint64)
func (vault *Vault) UnpackJudgement(data []byte) (uint64, error) {
	out, err := vault.abi.Unpack("judgement", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackNotice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9c94e6c6.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function notice() view returns(uint64)
func (vault *Vault) PackNotice() []byte {
	enc, err := vault.abi.Pack("notice")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackNotice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9c94e6c6.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function notice() view returns(uint64)
func (vault *Vault) TryPackNotice() ([]byte, error) {
	return vault.abi.Pack("notice")
}

// UnpackNotice is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x9c94e6c6.
//
// Solidity: function notice() view returns(uint64)
func (vault *Vault) UnpackNotice(data []byte) (uint64, error) {
	out, err := vault.abi.Unpack("notice", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackOfferPoster is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd65f4581.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function offerPoster(address next) returns()
func (vault *Vault) PackOfferPoster(next common.Address) []byte {
	enc, err := vault.abi.Pack("offerPoster", next)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOfferPoster is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd65f4581.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function offerPoster(address next) returns()
func (vault *Vault) TryPackOfferPoster(next common.Address) ([]byte, error) {
	return vault.abi.Pack("offerPoster", next)
}

// PackOffered is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9a4012d1.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function offered() view returns(address)
func (vault *Vault) PackOffered() []byte {
	enc, err := vault.abi.Pack("offered")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOffered is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9a4012d1.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function offered() view returns(address)
func (vault *Vault) TryPackOffered() ([]byte, error) {
	return vault.abi.Pack("offered")
}

// UnpackOffered is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x9a4012d1.
//
// Solidity: function offered() view returns(address)
func (vault *Vault) UnpackOffered(data []byte) (common.Address, error) {
	out, err := vault.abi.Unpack("offered", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
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

// PackPending is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe20ccec3.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function pending() view returns(uint64 epoch, bytes32 headerHash, uint64 postedAt, uint8 state, address watcher)
func (vault *Vault) PackPending() []byte {
	enc, err := vault.abi.Pack("pending")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPending is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe20ccec3.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function pending() view returns(uint64 epoch, bytes32 headerHash, uint64 postedAt, uint8 state, address watcher)
func (vault *Vault) TryPackPending() ([]byte, error) {
	return vault.abi.Pack("pending")
}

// PendingOutput serves as a container for the return parameters of contract
// method Pending.
type PendingOutput struct {
	Epoch      uint64
	HeaderHash [32]byte
	PostedAt   uint64
	State      uint8
	Watcher    common.Address
}

// UnpackPending is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xe20ccec3.
//
// Solidity: function pending() view returns(uint64 epoch, bytes32 headerHash, uint64 postedAt, uint8 state, address watcher)
func (vault *Vault) UnpackPending(data []byte) (PendingOutput, error) {
	out, err := vault.abi.Unpack("pending", data)
	outstruct := new(PendingOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Epoch = *abi.ConvertType(out[0], new(uint64)).(*uint64)
	outstruct.HeaderHash = *abi.ConvertType(out[1], new([32]byte)).(*[32]byte)
	outstruct.PostedAt = *abi.ConvertType(out[2], new(uint64)).(*uint64)
	outstruct.State = *abi.ConvertType(out[3], new(uint8)).(*uint8)
	outstruct.Watcher = *abi.ConvertType(out[4], new(common.Address)).(*common.Address)
	return *outstruct, nil
}

// PackPostRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9b3b9690.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function postRoot((uint64,bytes32,bytes32,bytes32,uint256,uint256,uint64,bytes32,uint64) before, (uint64,bytes32,bytes32,bytes32,uint256,uint256,uint64,bytes32,uint64) header) returns()
func (vault *Vault) PackPostRoot(before Header, header Header) []byte {
	enc, err := vault.abi.Pack("postRoot", before, header)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPostRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9b3b9690.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function postRoot((uint64,bytes32,bytes32,bytes32,uint256,uint256,uint64,bytes32,uint64) before, (uint64,bytes32,bytes32,bytes32,uint256,uint256,uint64,bytes32,uint64) header) returns()
func (vault *Vault) TryPackPostRoot(before Header, header Header) ([]byte, error) {
	return vault.abi.Pack("postRoot", before, header)
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

// PackPutBond is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe5d56c37.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function putBond(uint256 amount) returns()
func (vault *Vault) PackPutBond(amount *big.Int) []byte {
	enc, err := vault.abi.Pack("putBond", amount)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPutBond is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe5d56c37.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function putBond(uint256 amount) returns()
func (vault *Vault) TryPackPutBond(amount *big.Int) ([]byte, error) {
	return vault.abi.Pack("putBond", amount)
}

// PackRecoverPoster is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3e65ba16.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function recoverPoster(address next) returns()
func (vault *Vault) PackRecoverPoster(next common.Address) []byte {
	enc, err := vault.abi.Pack("recoverPoster", next)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRecoverPoster is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3e65ba16.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function recoverPoster(address next) returns()
func (vault *Vault) TryPackRecoverPoster(next common.Address) ([]byte, error) {
	return vault.abi.Pack("recoverPoster", next)
}

// PackSettleSilence is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x34979c95.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function settleSilence() returns()
func (vault *Vault) PackSettleSilence() []byte {
	enc, err := vault.abi.Pack("settleSilence")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSettleSilence is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x34979c95.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function settleSilence() returns()
func (vault *Vault) TryPackSettleSilence() ([]byte, error) {
	return vault.abi.Pack("settleSilence")
}

// PackTakeBond is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xcef45489.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function takeBond(uint256 amount) returns()
func (vault *Vault) PackTakeBond(amount *big.Int) []byte {
	enc, err := vault.abi.Pack("takeBond", amount)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackTakeBond is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xcef45489.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function takeBond(uint256 amount) returns()
func (vault *Vault) TryPackTakeBond(amount *big.Int) ([]byte, error) {
	return vault.abi.Pack("takeBond", amount)
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

// PackWithdraw is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd3e27ca9.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function withdraw((uint64,bytes32,bytes32,bytes32,uint256,uint256,uint64,bytes32,uint64) header, bytes32 ref, uint256 spent, bytes32[] proof, address to) returns()
func (vault *Vault) PackWithdraw(header Header, ref [32]byte, spent *big.Int, proof [][32]byte, to common.Address) []byte {
	enc, err := vault.abi.Pack("withdraw", header, ref, spent, proof, to)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackWithdraw is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd3e27ca9.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function withdraw((uint64,bytes32,bytes32,bytes32,uint256,uint256,uint64,bytes32,uint64) header, bytes32 ref, uint256 spent, bytes32[] proof, address to) returns()
func (vault *Vault) TryPackWithdraw(header Header, ref [32]byte, spent *big.Int, proof [][32]byte, to common.Address) ([]byte, error) {
	return vault.abi.Pack("withdraw", header, ref, spent, proof, to)
}

// PackWithdrawn is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc80ec522.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function withdrawn() view returns(uint256)
func (vault *Vault) PackWithdrawn() []byte {
	enc, err := vault.abi.Pack("withdrawn")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackWithdrawn is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc80ec522.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function withdrawn() view returns(uint256)
func (vault *Vault) TryPackWithdrawn() ([]byte, error) {
	return vault.abi.Pack("withdrawn")
}

// UnpackWithdrawn is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xc80ec522.
//
// Solidity: function withdrawn() view returns(uint256)
func (vault *Vault) UnpackWithdrawn(data []byte) (*big.Int, error) {
	out, err := vault.abi.Unpack("withdrawn", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// VaultBondPut represents a BondPut event raised by the Vault contract.
type VaultBondPut struct {
	Staker common.Address
	Amount *big.Int
	Raw    *types.Log // Blockchain specific contextual infos
}

const VaultBondPutEventName = "BondPut"

// ContractEventName returns the user-defined event name.
func (VaultBondPut) ContractEventName() string {
	return VaultBondPutEventName
}

// UnpackBondPutEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event BondPut(address indexed staker, uint256 amount)
func (vault *Vault) UnpackBondPutEvent(log *types.Log) (*VaultBondPut, error) {
	event := "BondPut"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != vault.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(VaultBondPut)
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

// VaultBondTaken represents a BondTaken event raised by the Vault contract.
type VaultBondTaken struct {
	Staker common.Address
	Amount *big.Int
	Raw    *types.Log // Blockchain specific contextual infos
}

const VaultBondTakenEventName = "BondTaken"

// ContractEventName returns the user-defined event name.
func (VaultBondTaken) ContractEventName() string {
	return VaultBondTakenEventName
}

// UnpackBondTakenEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event BondTaken(address indexed staker, uint256 amount)
func (vault *Vault) UnpackBondTakenEvent(log *types.Log) (*VaultBondTaken, error) {
	event := "BondTaken"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != vault.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(VaultBondTaken)
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

// VaultDeposited represents a Deposited event raised by the Vault contract.
type VaultDeposited struct {
	Ref    [32]byte
	Owner  common.Address
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
// Solidity: event Deposited(bytes32 indexed ref, address indexed owner, address from, uint256 amount)
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

// VaultNoticeCancelled represents a NoticeCancelled event raised by the Vault contract.
type VaultNoticeCancelled struct {
	Ref   [32]byte
	Owner common.Address
	Raw   *types.Log // Blockchain specific contextual infos
}

const VaultNoticeCancelledEventName = "NoticeCancelled"

// ContractEventName returns the user-defined event name.
func (VaultNoticeCancelled) ContractEventName() string {
	return VaultNoticeCancelledEventName
}

// UnpackNoticeCancelledEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event NoticeCancelled(bytes32 indexed ref, address indexed owner)
func (vault *Vault) UnpackNoticeCancelledEvent(log *types.Log) (*VaultNoticeCancelled, error) {
	event := "NoticeCancelled"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != vault.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(VaultNoticeCancelled)
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

// VaultNoticeGiven represents a NoticeGiven event raised by the Vault contract.
type VaultNoticeGiven struct {
	Ref   [32]byte
	Owner common.Address
	Until uint64
	Raw   *types.Log // Blockchain specific contextual infos
}

const VaultNoticeGivenEventName = "NoticeGiven"

// ContractEventName returns the user-defined event name.
func (VaultNoticeGiven) ContractEventName() string {
	return VaultNoticeGivenEventName
}

// UnpackNoticeGivenEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event NoticeGiven(bytes32 indexed ref, address indexed owner, uint64 until)
func (vault *Vault) UnpackNoticeGivenEvent(log *types.Log) (*VaultNoticeGiven, error) {
	event := "NoticeGiven"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != vault.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(VaultNoticeGiven)
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

// VaultPosterChanged represents a PosterChanged event raised by the Vault contract.
type VaultPosterChanged struct {
	Before common.Address
	Poster common.Address
	Raw    *types.Log // Blockchain specific contextual infos
}

const VaultPosterChangedEventName = "PosterChanged"

// ContractEventName returns the user-defined event name.
func (VaultPosterChanged) ContractEventName() string {
	return VaultPosterChangedEventName
}

// UnpackPosterChangedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event PosterChanged(address indexed before, address indexed poster)
func (vault *Vault) UnpackPosterChangedEvent(log *types.Log) (*VaultPosterChanged, error) {
	event := "PosterChanged"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != vault.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(VaultPosterChanged)
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

// VaultRootBlocked represents a RootBlocked event raised by the Vault contract.
type VaultRootBlocked struct {
	Epoch    uint64
	Watcher  common.Address
	Evidence [32]byte
	Raw      *types.Log // Blockchain specific contextual infos
}

const VaultRootBlockedEventName = "RootBlocked"

// ContractEventName returns the user-defined event name.
func (VaultRootBlocked) ContractEventName() string {
	return VaultRootBlockedEventName
}

// UnpackRootBlockedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event RootBlocked(uint64 indexed epoch, address indexed watcher, bytes32 evidence)
func (vault *Vault) UnpackRootBlockedEvent(log *types.Log) (*VaultRootBlocked, error) {
	event := "RootBlocked"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != vault.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(VaultRootBlocked)
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

// VaultRootJudged represents a RootJudged event raised by the Vault contract.
type VaultRootJudged struct {
	Epoch uint64
	Good  bool
	Raw   *types.Log // Blockchain specific contextual infos
}

const VaultRootJudgedEventName = "RootJudged"

// ContractEventName returns the user-defined event name.
func (VaultRootJudged) ContractEventName() string {
	return VaultRootJudgedEventName
}

// UnpackRootJudgedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event RootJudged(uint64 indexed epoch, bool good)
func (vault *Vault) UnpackRootJudgedEvent(log *types.Log) (*VaultRootJudged, error) {
	event := "RootJudged"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != vault.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(VaultRootJudged)
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
	Epoch      uint64
	HeaderHash [32]byte
	Header     Header
	Raw        *types.Log // Blockchain specific contextual infos
}

const VaultRootPostedEventName = "RootPosted"

// ContractEventName returns the user-defined event name.
func (VaultRootPosted) ContractEventName() string {
	return VaultRootPostedEventName
}

// UnpackRootPostedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event RootPosted(uint64 indexed epoch, bytes32 indexed headerHash, (uint64,bytes32,bytes32,bytes32,uint256,uint256,uint64,bytes32,uint64) header)
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

// VaultRootVoided represents a RootVoided event raised by the Vault contract.
type VaultRootVoided struct {
	Epoch      uint64
	HeaderHash [32]byte
	Raw        *types.Log // Blockchain specific contextual infos
}

const VaultRootVoidedEventName = "RootVoided"

// ContractEventName returns the user-defined event name.
func (VaultRootVoided) ContractEventName() string {
	return VaultRootVoidedEventName
}

// UnpackRootVoidedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event RootVoided(uint64 indexed epoch, bytes32 headerHash)
func (vault *Vault) UnpackRootVoidedEvent(log *types.Log) (*VaultRootVoided, error) {
	event := "RootVoided"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != vault.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(VaultRootVoided)
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

// VaultWithdrawn represents a Withdrawn event raised by the Vault contract.
type VaultWithdrawn struct {
	Ref    [32]byte
	Owner  common.Address
	To     common.Address
	Amount *big.Int
	Raw    *types.Log // Blockchain specific contextual infos
}

const VaultWithdrawnEventName = "Withdrawn"

// ContractEventName returns the user-defined event name.
func (VaultWithdrawn) ContractEventName() string {
	return VaultWithdrawnEventName
}

// UnpackWithdrawnEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event Withdrawn(bytes32 indexed ref, address indexed owner, address to, uint256 amount)
func (vault *Vault) UnpackWithdrawnEvent(log *types.Log) (*VaultWithdrawn, error) {
	event := "Withdrawn"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != vault.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(VaultWithdrawn)
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
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultBadAddress"].ID.Bytes()[:4]) {
		return vault.UnpackVaultBadAddressError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultBadAmount"].ID.Bytes()[:4]) {
		return vault.UnpackVaultBadAmountError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultBadBatch"].ID.Bytes()[:4]) {
		return vault.UnpackVaultBadBatchError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultBadLogSize"].ID.Bytes()[:4]) {
		return vault.UnpackVaultBadLogSizeError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultBadProof"].ID.Bytes()[:4]) {
		return vault.UnpackVaultBadProofError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultBadTerms"].ID.Bytes()[:4]) {
		return vault.UnpackVaultBadTermsError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultBadThrough"].ID.Bytes()[:4]) {
		return vault.UnpackVaultBadThroughError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultBondTooSmall"].ID.Bytes()[:4]) {
		return vault.UnpackVaultBondTooSmallError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultFeeToken"].ID.Bytes()[:4]) {
		return vault.UnpackVaultFeeTokenError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultNoAccount"].ID.Bytes()[:4]) {
		return vault.UnpackVaultNoAccountError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultNotAdjudicator"].ID.Bytes()[:4]) {
		return vault.UnpackVaultNotAdjudicatorError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultNotInForce"].ID.Bytes()[:4]) {
		return vault.UnpackVaultNotInForceError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultNotPending"].ID.Bytes()[:4]) {
		return vault.UnpackVaultNotPendingError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultNotPoster"].ID.Bytes()[:4]) {
		return vault.UnpackVaultNotPosterError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultNotWatcher"].ID.Bytes()[:4]) {
		return vault.UnpackVaultNotWatcherError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultNothingToClaim"].ID.Bytes()[:4]) {
		return vault.UnpackVaultNothingToClaimError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultNothingToWithdraw"].ID.Bytes()[:4]) {
		return vault.UnpackVaultNothingToWithdrawError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultNotice"].ID.Bytes()[:4]) {
		return vault.UnpackVaultNoticeError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultOverpaid"].ID.Bytes()[:4]) {
		return vault.UnpackVaultOverpaidError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultOverspent"].ID.Bytes()[:4]) {
		return vault.UnpackVaultOverspentError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultRootPending"].ID.Bytes()[:4]) {
		return vault.UnpackVaultRootPendingError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultShort"].ID.Bytes()[:4]) {
		return vault.UnpackVaultShortError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultSpentShrinks"].ID.Bytes()[:4]) {
		return vault.UnpackVaultSpentShrinksError(raw[4:])
	}
	if bytes.Equal(raw[:4], vault.abi.Errors["VaultTooEarly"].ID.Bytes()[:4]) {
		return vault.UnpackVaultTooEarlyError(raw[4:])
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

// VaultVaultBadAddress represents a VaultBadAddress error raised by the Vault contract.
type VaultVaultBadAddress struct {
	Account common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultBadAddress(address account)
func VaultVaultBadAddressErrorID() common.Hash {
	return common.HexToHash("0xae8dcd38d7fc9035dedc61ab5aa9d105ad311a7eac31499e4d591c1be190087b")
}

// UnpackVaultBadAddressError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultBadAddress(address account)
func (vault *Vault) UnpackVaultBadAddressError(raw []byte) (*VaultVaultBadAddress, error) {
	out := new(VaultVaultBadAddress)
	if err := vault.abi.UnpackIntoInterface(out, "VaultBadAddress", raw); err != nil {
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

// VaultVaultBadLogSize represents a VaultBadLogSize error raised by the Vault contract.
type VaultVaultBadLogSize struct {
	Before uint64
	Given  uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultBadLogSize(uint64 before, uint64 given)
func VaultVaultBadLogSizeErrorID() common.Hash {
	return common.HexToHash("0xdd4a41741ef8212c438c057040a0a98347fa8965be8e0eda0a6c656b3e046258")
}

// UnpackVaultBadLogSizeError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultBadLogSize(uint64 before, uint64 given)
func (vault *Vault) UnpackVaultBadLogSizeError(raw []byte) (*VaultVaultBadLogSize, error) {
	out := new(VaultVaultBadLogSize)
	if err := vault.abi.UnpackIntoInterface(out, "VaultBadLogSize", raw); err != nil {
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

// VaultVaultBadTerms represents a VaultBadTerms error raised by the Vault contract.
type VaultVaultBadTerms struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultBadTerms()
func VaultVaultBadTermsErrorID() common.Hash {
	return common.HexToHash("0x717875a5d33c3ef74dd879e544551bbca129c1fc62b9a8331741c4fb3723b52f")
}

// UnpackVaultBadTermsError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultBadTerms()
func (vault *Vault) UnpackVaultBadTermsError(raw []byte) (*VaultVaultBadTerms, error) {
	out := new(VaultVaultBadTerms)
	if err := vault.abi.UnpackIntoInterface(out, "VaultBadTerms", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultBadThrough represents a VaultBadThrough error raised by the Vault contract.
type VaultVaultBadThrough struct {
	Before uint64
	Given  uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultBadThrough(uint64 before, uint64 given)
func VaultVaultBadThroughErrorID() common.Hash {
	return common.HexToHash("0xb5dcaea8940f4772768a78c4bc655c28f49262a3df2227044582b9e5d9383cae")
}

// UnpackVaultBadThroughError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultBadThrough(uint64 before, uint64 given)
func (vault *Vault) UnpackVaultBadThroughError(raw []byte) (*VaultVaultBadThrough, error) {
	out := new(VaultVaultBadThrough)
	if err := vault.abi.UnpackIntoInterface(out, "VaultBadThrough", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultBondTooSmall represents a VaultBondTooSmall error raised by the Vault contract.
type VaultVaultBondTooSmall struct {
	Needed *big.Int
	Given  *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultBondTooSmall(uint256 needed, uint256 given)
func VaultVaultBondTooSmallErrorID() common.Hash {
	return common.HexToHash("0x8be61327a01943635e8a24b8148a7d71a8d24df530de9f5de68f4b6fbf697069")
}

// UnpackVaultBondTooSmallError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultBondTooSmall(uint256 needed, uint256 given)
func (vault *Vault) UnpackVaultBondTooSmallError(raw []byte) (*VaultVaultBondTooSmall, error) {
	out := new(VaultVaultBondTooSmall)
	if err := vault.abi.UnpackIntoInterface(out, "VaultBondTooSmall", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultFeeToken represents a VaultFeeToken error raised by the Vault contract.
type VaultVaultFeeToken struct {
	Sent    *big.Int
	Arrived *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultFeeToken(uint256 sent, uint256 arrived)
func VaultVaultFeeTokenErrorID() common.Hash {
	return common.HexToHash("0x5a8566ba2121d086ea683068501bc28b11b9931bfc45d9822cf40a23c85fb53b")
}

// UnpackVaultFeeTokenError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultFeeToken(uint256 sent, uint256 arrived)
func (vault *Vault) UnpackVaultFeeTokenError(raw []byte) (*VaultVaultFeeToken, error) {
	out := new(VaultVaultFeeToken)
	if err := vault.abi.UnpackIntoInterface(out, "VaultFeeToken", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultNoAccount represents a VaultNoAccount error raised by the Vault contract.
type VaultVaultNoAccount struct {
	Account [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultNoAccount(bytes32 account)
func VaultVaultNoAccountErrorID() common.Hash {
	return common.HexToHash("0x2a9ee5ec309e72786f33aed273df8a6071075498a7523c9bb495b24b5b319237")
}

// UnpackVaultNoAccountError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultNoAccount(bytes32 account)
func (vault *Vault) UnpackVaultNoAccountError(raw []byte) (*VaultVaultNoAccount, error) {
	out := new(VaultVaultNoAccount)
	if err := vault.abi.UnpackIntoInterface(out, "VaultNoAccount", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultNotAdjudicator represents a VaultNotAdjudicator error raised by the Vault contract.
type VaultVaultNotAdjudicator struct {
	Account common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultNotAdjudicator(address account)
func VaultVaultNotAdjudicatorErrorID() common.Hash {
	return common.HexToHash("0x5ccc7678c1fc392a811a719572b105b96d07743b2e62867567b9719de3962ea7")
}

// UnpackVaultNotAdjudicatorError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultNotAdjudicator(address account)
func (vault *Vault) UnpackVaultNotAdjudicatorError(raw []byte) (*VaultVaultNotAdjudicator, error) {
	out := new(VaultVaultNotAdjudicator)
	if err := vault.abi.UnpackIntoInterface(out, "VaultNotAdjudicator", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultNotInForce represents a VaultNotInForce error raised by the Vault contract.
type VaultVaultNotInForce struct {
	Epoch uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultNotInForce(uint64 epoch)
func VaultVaultNotInForceErrorID() common.Hash {
	return common.HexToHash("0x298eda4d38469c5d0a5351e8dbcc614810277f725966c9eb177c8e48dc9a8025")
}

// UnpackVaultNotInForceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultNotInForce(uint64 epoch)
func (vault *Vault) UnpackVaultNotInForceError(raw []byte) (*VaultVaultNotInForce, error) {
	out := new(VaultVaultNotInForce)
	if err := vault.abi.UnpackIntoInterface(out, "VaultNotInForce", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultNotPending represents a VaultNotPending error raised by the Vault contract.
type VaultVaultNotPending struct {
	Epoch uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultNotPending(uint64 epoch)
func VaultVaultNotPendingErrorID() common.Hash {
	return common.HexToHash("0x3795776201d5c68dd8e83f2957fb49562ff1f794de71141ebe0aa449c4d252a0")
}

// UnpackVaultNotPendingError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultNotPending(uint64 epoch)
func (vault *Vault) UnpackVaultNotPendingError(raw []byte) (*VaultVaultNotPending, error) {
	out := new(VaultVaultNotPending)
	if err := vault.abi.UnpackIntoInterface(out, "VaultNotPending", raw); err != nil {
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

// VaultVaultNotWatcher represents a VaultNotWatcher error raised by the Vault contract.
type VaultVaultNotWatcher struct {
	Account common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultNotWatcher(address account)
func VaultVaultNotWatcherErrorID() common.Hash {
	return common.HexToHash("0x10490065f1e56959ad2b4d663a9b63a1f6da707f68b7b340c94eee8b6632e0ff")
}

// UnpackVaultNotWatcherError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultNotWatcher(address account)
func (vault *Vault) UnpackVaultNotWatcherError(raw []byte) (*VaultVaultNotWatcher, error) {
	out := new(VaultVaultNotWatcher)
	if err := vault.abi.UnpackIntoInterface(out, "VaultNotWatcher", raw); err != nil {
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

// VaultVaultNothingToWithdraw represents a VaultNothingToWithdraw error raised by the Vault contract.
type VaultVaultNothingToWithdraw struct {
	Left  *big.Int
	Spent *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultNothingToWithdraw(uint256 left, uint256 spent)
func VaultVaultNothingToWithdrawErrorID() common.Hash {
	return common.HexToHash("0xbbb66805adcf1b5688ed0b21d0f05dcb01c13004510ddba32aaef0eaedc296cd")
}

// UnpackVaultNothingToWithdrawError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultNothingToWithdraw(uint256 left, uint256 spent)
func (vault *Vault) UnpackVaultNothingToWithdrawError(raw []byte) (*VaultVaultNothingToWithdraw, error) {
	out := new(VaultVaultNothingToWithdraw)
	if err := vault.abi.UnpackIntoInterface(out, "VaultNothingToWithdraw", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultNotice represents a VaultNotice error raised by the Vault contract.
type VaultVaultNotice struct {
	Given uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultNotice(uint64 given)
func VaultVaultNoticeErrorID() common.Hash {
	return common.HexToHash("0x5870d566d79560db9afe24ff864744d93473dc6d354e8bb00d4daeac39ab5835")
}

// UnpackVaultNoticeError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultNotice(uint64 given)
func (vault *Vault) UnpackVaultNoticeError(raw []byte) (*VaultVaultNotice, error) {
	out := new(VaultVaultNotice)
	if err := vault.abi.UnpackIntoInterface(out, "VaultNotice", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultOverpaid represents a VaultOverpaid error raised by the Vault contract.
type VaultVaultOverpaid struct {
	Paid  *big.Int
	Total *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultOverpaid(uint256 paid, uint256 total)
func VaultVaultOverpaidErrorID() common.Hash {
	return common.HexToHash("0x74e27acbea8e48fe8b4b1af2520774ea7f7ee325a91d5d2ebec3e2073f2caea1")
}

// UnpackVaultOverpaidError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultOverpaid(uint256 paid, uint256 total)
func (vault *Vault) UnpackVaultOverpaidError(raw []byte) (*VaultVaultOverpaid, error) {
	out := new(VaultVaultOverpaid)
	if err := vault.abi.UnpackIntoInterface(out, "VaultOverpaid", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultOverspent represents a VaultOverspent error raised by the Vault contract.
type VaultVaultOverspent struct {
	Total *big.Int
	Spent *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultOverspent(uint256 total, uint256 spent)
func VaultVaultOverspentErrorID() common.Hash {
	return common.HexToHash("0xb61c06b6929bccd5f4bc7f6e5d4f924f876dcd9117de2b6ab890c8b597013e52")
}

// UnpackVaultOverspentError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultOverspent(uint256 total, uint256 spent)
func (vault *Vault) UnpackVaultOverspentError(raw []byte) (*VaultVaultOverspent, error) {
	out := new(VaultVaultOverspent)
	if err := vault.abi.UnpackIntoInterface(out, "VaultOverspent", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultRootPending represents a VaultRootPending error raised by the Vault contract.
type VaultVaultRootPending struct {
	Epoch uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultRootPending(uint64 epoch)
func VaultVaultRootPendingErrorID() common.Hash {
	return common.HexToHash("0xe803e29f1b8191c3f84ecf00d7340a521535cb14a5e5a6f0a7cb004550524c7b")
}

// UnpackVaultRootPendingError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultRootPending(uint64 epoch)
func (vault *Vault) UnpackVaultRootPendingError(raw []byte) (*VaultVaultRootPending, error) {
	out := new(VaultVaultRootPending)
	if err := vault.abi.UnpackIntoInterface(out, "VaultRootPending", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultShort represents a VaultShort error raised by the Vault contract.
type VaultVaultShort struct {
	Accounted *big.Int
	Held      *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultShort(uint256 accounted, uint256 held)
func VaultVaultShortErrorID() common.Hash {
	return common.HexToHash("0xc6bbca92812c7179290017b06dda9f059c27c765359ec18637e3cdcbd0b51caf")
}

// UnpackVaultShortError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultShort(uint256 accounted, uint256 held)
func (vault *Vault) UnpackVaultShortError(raw []byte) (*VaultVaultShort, error) {
	out := new(VaultVaultShort)
	if err := vault.abi.UnpackIntoInterface(out, "VaultShort", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultSpentShrinks represents a VaultSpentShrinks error raised by the Vault contract.
type VaultVaultSpentShrinks struct {
	Before *big.Int
	Given  *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultSpentShrinks(uint256 before, uint256 given)
func VaultVaultSpentShrinksErrorID() common.Hash {
	return common.HexToHash("0x80b93df603e8fb6e70799fd6b8f58df01454bffa45c10aef85a51bb1a87773a8")
}

// UnpackVaultSpentShrinksError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultSpentShrinks(uint256 before, uint256 given)
func (vault *Vault) UnpackVaultSpentShrinksError(raw []byte) (*VaultVaultSpentShrinks, error) {
	out := new(VaultVaultSpentShrinks)
	if err := vault.abi.UnpackIntoInterface(out, "VaultSpentShrinks", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// VaultVaultTooEarly represents a VaultTooEarly error raised by the Vault contract.
type VaultVaultTooEarly struct {
	Until *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultTooEarly(uint256 until)
func VaultVaultTooEarlyErrorID() common.Hash {
	return common.HexToHash("0xa84d1bd19f7ef62e7e52119ed1518e0d0f4cf794df17f6efdc9d1846c24d0509")
}

// UnpackVaultTooEarlyError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultTooEarly(uint256 until)
func (vault *Vault) UnpackVaultTooEarlyError(raw []byte) (*VaultVaultTooEarly, error) {
	out := new(VaultVaultTooEarly)
	if err := vault.abi.UnpackIntoInterface(out, "VaultTooEarly", raw); err != nil {
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
	Spent *big.Int
	Funds *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VaultUnderfunded(uint256 spent, uint256 funds)
func VaultVaultUnderfundedErrorID() common.Hash {
	return common.HexToHash("0x6087a9b521ec92f97e3afed9b69d78a3f712311fb17873fe15c102695ad75c0b")
}

// UnpackVaultUnderfundedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VaultUnderfunded(uint256 spent, uint256 funds)
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

