// The same word for the same thing: question pregunta, answer respuesta, key clave, wallet cartera, held retenido, yours tuyo,
// epoch época, on chain en la cadena, claim reclamar, verdict veredicto, record registro, skip saltar, pay pago, fee comisión,
// project proyecto, requester quien pregunta, device dispositivo, receipt recibo, payout address dirección de cobro. The person
// is tú.
import answered from './es/answered'
import answering from './es/answering'
import earned from './es/earned'
import frame from './es/frame'
import how from './es/how'
import identity from './es/identity'
import notice from './es/notice'
import notices from './es/notices'
import onboarding from './es/onboarding'
import problem from './es/problem'
import saying from './es/saying'
import widgets from './es/widgets'
import type { Words } from './words'

export default { answered, answering, earned, frame, how, identity, notice, notices, onboarding, problem, saying, widgets } satisfies Words
