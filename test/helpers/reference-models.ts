import { referencePath } from './reference-data.js';

/** The classic COCO detector with its labels inside. */
export const CLASSIC_SSD = referencePath('models/ssd_mobilenet_v1_coco_quant_metadata.tflite');
/** A detector of another size, with two classes and no labels. */
export const DOG_VS_CAT = referencePath('models/ssdlite_mobiledet_dog_vs_cat_quant.tflite');
/** People who pass one at a time: 768×432, 10 fps, 139 s, six people. */
export const ONE_BY_ONE = referencePath('videos/intel_one-by-one-person-detection.mp4');
