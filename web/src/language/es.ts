// The same word for the same thing: question pregunta, answer respuesta, key clave, wallet cartera, held retenido, yours tuyo,
// epoch época, on chain en la cadena, claim reclamar, verdict veredicto, record registro, skip saltar, pay pago, fee comisión,
// project proyecto, requester quien pregunta, device dispositivo, receipt recibo, payout address dirección de cobro. The person
// is tú.
import accuracy from './es/accuracy'
import answered from './es/answered'
import answering from './es/answering'
import data from './es/data'
import earned from './es/earned'
import frame from './es/frame'
import how from './es/how'
import identity from './es/identity'
import move from './es/move'
import notice from './es/notice'
import notices from './es/notices'
import onboarding from './es/onboarding'
import payouts from './es/payouts'
import problem from './es/problem'
import profile from './es/profile'
import record from './es/record'
import saying from './es/saying'
import topics from './es/topics'
import types from './es/types'
import warnings from './es/warnings'
import widgets from './es/widgets'
import type { Words } from './words'

export default { accuracy, answered, answering, data, earned, frame, how, identity, move, notice, notices, onboarding, payouts, problem, profile, record, saying, topics, types, warnings, widgets } satisfies Words
