// The same word for the same thing: question pregunta, answer respuesta, key clave, wallet cartera, held retenido, yours tuyo,
// epoch época, on chain en la cadena, claim reclamar, verdict veredicto, record registro, skip saltar, pay pago, fee comisión,
// project proyecto, requester quien pregunta, device dispositivo, receipt recibo, payout address dirección de cobro. The person
// is tú.
import how from './es/how'
import notice from './es/notice'
import onboarding from './es/onboarding'
import type { Words } from './words'

export default { how, notice, onboarding } satisfies Words
