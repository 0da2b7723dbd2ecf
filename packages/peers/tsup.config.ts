import { library } from '@sentinel/tooling-tsup';

export default library();
