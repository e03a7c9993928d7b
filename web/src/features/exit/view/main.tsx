import { render } from 'preact'
import { Exit } from './exit'
import '../../../styles/tokens.css'
import '../../../styles/components.css'
import '../../../styles/screens.css'
import './exit.css'

render(<Exit />, document.getElementById('app')!)
